"""The report of every edition, form II.06 and workbooks: one content object, rendered by Typst, Word and Excel."""
