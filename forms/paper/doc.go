// Package paper sets documents on pages. It takes a template (assets/papers, one file a document type) and
// the values that go into it, and gives a PDF: lines broken and justified as Chinese is set, page totals,
// ruled tables that go over pages, signature lines on every page, the QR code, and inside the file the JSON
// the document was made from. It also reads back what it printed: the file (ReadPDF) and a picture of the
// paper (ReadQR).
//
// It does no arithmetic and knows no law: amounts, totals, dates and articles come as the text that is to be
// printed. Nothing here asks for the time or for chance, so the same Job gives the same bytes. It is the only
// room with gofpdf and go-qrcode.
//
// # Templates
//
// A template is plain text in UTF-8, read line by line; "#" begins a comment line. Its file name is the
// document type. The head declares, the line "body" ends it:
//
//	title 劳动保障监察限期改正指令书     the printed title
//	title 退回告知书 when mode = 退回   the title of a variant, tried before that
//	style letter                     letter: GB/T 9704 margins; record: narrower, values underlined; sheet: as
//	                                 record, without page numbers
//	copies 正本/送达联/存根             the copies it is printed in, see Job.Copy
//	size 14 24                       body text and line pitch in points
//	field due date! 改正期限          name, kind, label; "!" after the kind: required
//	field mode choice 送达方式 = 直接送达/留置送达
//	field facts rows 查明的事实        the columns follow
//	column text text! 事实
//
//	include officers                 the lines of officers.part stand here; "@include" in the body
//
// Kinds: text, date, time, money, flag (true or false), choice, choices (several), rows, image.
//
// In the body a line without "@" is a paragraph, indented by two characters. In any text stand
//
//	{{name}}                         the value; an empty one leaves an underlined blank
//	{{name:12}}                      the same with a blank of 12 characters, 0 for none
//	{{name:/}}                       the same, struck through on issued papers: nobody will fill it
//	{{name:boxes}} {{name:list}}     a choice as all its options with check boxes, in a line or one a line
//	{{name:box}} {{name:count}}      a flag as a check box; the number of rows
//	{{if name}}…{{end}}              printed when the value is there (unless: when it is not)
//	{{if name = 甲/乙}}…{{end}}       printed when one of these options is picked
//	" // "                           a new line
//
// besides the fields: {{title}}, {{number}} (文号), {{copy}}, {{pages}}, {{annex_pages}}; inside @each also {{n}} (1 2 3),
// {{no}} (一 二 三) and {{stop}} (；；。). Statements:
//
//	@agency @title @caption          centred, bold
//	@heading                         a heading, kept with what follows
//	@flush @centre @right            a paragraph without indent and ragged, centred, to the right
//	@row [3 2] 姓名：{{a}} | 电话：     labels with values side by side, widths in proportion; a label
//	                                 without a value leaves a line to write on
//	@ask @answer                     question and answer, first word hanging
//	@boxes name                      a choice as all its options with check boxes, in columns
//	@seal {{agency}} | {{issued}}    signature at the lower right, never alone on a page
//	@lines 2                         ruled lines to write on
//	@space 3                         white space, in millimetres
//	@rule                            a line across the page
//	@size 10.5 18                    other text size up to the end of the block
//	@void [20]                       a void stroke through the rest of the page, or a space of 20 mm
//	@page                            what follows begins a page
//	@cut 骑缝盖章                     a dashed line with words, to tear or stamp along
//	@image name 80                   a picture, at most 80 mm high
//	@photos rows 60                  pictures of an image column two by two, the other columns under them
//	@table rows … @end               "column | 标题 | width in mm | left, right or centre | optional strike"; in it
//	                                 @foot for totals, @carry owed for 承前页 and 过次页, @pad 6 for at least 6 rows
//	@grid 30 50 30 50 … @end         a ruled form: lines of cells parted by "|"; "@tall 24 a | b" at least 24 mm high
//	@if name … @else … @end          also @unless, and "name = 甲/乙" as above
//	@copy 存根 … @end                 only on these copies
//	@each rows … @end                once a row
//	@keep … @end                     all on one page
//	@tail … @end                     the same, on a page with text before it
//	@qr [name] … @end                to the left of the QR code, or of that of a text field; over the full width
//	                                 without one
//	@annex landscape … @end          on pages of its own, last; upright without "landscape"
//	@footer … @end                   at the foot of every page
//
// A placeholder that is not declared, a field that is declared and not used, a block without its end and
// every other slip is an error of NewPress that names file and line; so is an element the law wants and the
// template lacks (elements.csv: type, element, what carries it).
package paper
