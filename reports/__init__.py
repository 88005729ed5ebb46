"""The Friday report, form II.06 and workbooks: one content object, rendered by Typst and Excel."""
