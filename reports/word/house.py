"""The package around the words: styles, header, footer, pictures, properties; equal content gives equal bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr  # nosec B406  # writes, reads nothing

from reports.word.parts import MID, Lay, Look, clean, paragraph, run, section, twips

if TYPE_CHECKING:
    from docx.document import Document

Content = Mapping[str, Any]

FONT: Final = "Times New Roman"
_SPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
_DECLARED: Final = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _SPACES.items())
_EMU: Final = 36000  # of a millimetre, the unit of drawings
#: The day that every file in the package carries: a zip keeps days, and a document must not tell when it was written.
_STAMP: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Draft:
    """A document being written."""

    content: Content
    document: Document
    references: str  # header and footer, for the first section; the others go on with them
    _pictures: int = 0
    _body: list[str] = field(default_factory=list)

    def add(self, *pieces: str) -> None:
        """Go on with XML of paragraphs and tables."""
        self._body.extend(pieces)

    def picture(self, image: bytes, alt: str, width: float) -> str:
        """Write a run that shows ``image`` (PNG) ``width`` mm wide; ``alt`` says what is on it."""
        self._pictures += 1
        reference, part = self.document.part.get_or_add_image(BytesIO(image))
        height = width * part.px_height / part.px_width
        size = f'cx="{round(width * _EMU)}" cy="{round(height * _EMU)}"'
        name = f'id="{self._pictures}" name="Hình {self._pictures}" descr={quoteattr(clean(alt))}'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {name}/>'
            f'<a:graphic><a:graphicData uri="{_SPACES["pic"]}"><pic:pic><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/>'
            f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{reference}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect">'
            "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def xml(self) -> str:
        """Give the whole body."""
        return f"<w:body {_DECLARED}>{''.join(self._body)}{section(flipped=False, references=self.references)}</w:body>"


#: Letters that python-docx takes for a property of a document.
_LONGEST_PROPERTY: Final = 255


def opened(content: Content) -> Draft:
    """Begin a document: page numbers above from page 2, the mark of a draft on page 1, the seal, if any, below."""
    import docx

    document = docx.Document()
    _styles(document)
    _modern(document)
    first = document.sections[0]
    first.different_first_page_header_footer = True
    seal = content["seal"]
    told = f"Bản số liệu {seal['data_version']} · mã nội dung {seal['content_sha256'][:16]}" if seal else ""
    line = paragraph(run(told, Look(8.5, colour=MID)), Lay("right", after=0))
    _fill(first.header, paragraph(_PAGE, Lay("center", after=0)))
    mark = paragraph(run(content["edition"]["mark"], Look(11, italic=True, colour=MID)), Lay(after=0))
    _fill(first.first_page_header, mark)
    _fill(first.footer, line)
    _fill(first.first_page_footer, line)
    kept = [child for child in first._sectPr if child.tag.endswith("Reference")]
    return Draft(content, document, "".join(_reference(each) for each in kept))


_PAGE: Final = "".join(
    f"<w:r>{Look().properties()}{piece}</w:r>"
    for piece in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="end"/>',
    )
)


def _reference(element: Any) -> str:
    kind = element.tag.partition("}")[2]
    type_, rel = element.get(f"{{{_SPACES['w']}}}type"), element.get(f"{{{_SPACES['r']}}}id")
    return f'<w:{kind} w:type="{type_}" r:id="{rel}"/>'


def _fill(story: Any, xml: str) -> None:
    """Put paragraphs in place of the empty one that a new header or footer has."""
    from docx.oxml import parse_xml

    story.is_linked_to_previous = False
    element = story._element
    for child in list(element):
        element.remove(child)
    for child in parse_xml(f"<w:hdr {_DECLARED}>{xml}</w:hdr>"):
        element.append(child)


def _styles(document: Document) -> None:
    """Let every style write Times New Roman, black, in Vietnamese."""
    from docx.oxml import parse_xml

    base = (
        f'<w:rPr {_DECLARED}><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
        '<w:color w:val="000000"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="vi-VN"/></w:rPr>'
    )
    for name, size in (("Normal", 26), ("Heading 1", 28), ("Heading 2", 26)):
        element = document.styles[name].element
        if element.rPr is not None:
            element.remove(element.rPr)
        element.append(parse_xml(base.replace("{size}", str(size))))


def _modern(document: Document) -> None:
    """Let Word lay it out by today's rules, not by those of 2010: a table then begins at the margin."""
    for setting in document.settings.element.iter(f"{{{_SPACES['w']}}}compatSetting"):
        if setting.get(f"{{{_SPACES['w']}}}name") == "compatibilityMode":
            setting.set(f"{{{_SPACES['w']}}}val", "15")


def finished(draft: Draft, stamp: datetime) -> bytes:
    """Close the document: its words, its properties with the day of issue, and the package without any other day."""
    from docx.oxml import parse_xml

    document, head = draft.document, draft.content["letterhead"]
    body = document.element.body
    document.element.replace(body, parse_xml(draft.xml()))
    told = document.core_properties
    told.title, told.author = (clean(" ".join(head[name]))[:_LONGEST_PROPERTY] for name in ("subject", "agency"))
    told.last_modified_by, told.comments, told.language = told.author, "", "vi-VN"
    told.created = told.modified = stamp
    told.revision = 1
    out = BytesIO()
    document.save(out)
    return _dateless(out.getvalue())


def _dateless(package: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as was, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as now:
        for name in was.namelist():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            now.writestr(entry, was.read(name))
    return out.getvalue()


#: Widths of the text between the margins, in mm.
UPRIGHT, FLIPPED = 165.0, 262.0
__all__ = ["FLIPPED", "UPRIGHT", "Draft", "finished", "opened", "twips"]
