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
//	style letter                     letter: GB/T 9704 margins; record: narrower, values underlined
//	size 14 24                       body text and line pitch in points
//	field due date! 改正期限          name, kind, label; "!" after the kind: required
//	field mode choice 送达方式 = 直接送达/留置送达
//	field facts rows 查明的事实        the columns follow
//	column text text! 事实
//
// Kinds: text, date, time, money, flag (true or false), choice, choices (several), rows.
//
// In the body a line without "@" is a paragraph, indented by two characters. In any text stand
//
//	{{name}}                         the value; an empty one leaves an underlined blank
//	{{name:12}}                      the same with a blank of 12 characters, 0 for none
//	{{name:boxes}}                   a choice as all its options with check boxes
//	{{if name}}…{{end}}              printed when the value is there (unless: when it is not)
//	" // "                           a new line
//
// besides the fields: {{title}}, {{number}} (文号), {{pages}}, {{annex_pages}}; inside @each also {{n}} (1 2 3),
// {{no}} (一 二 三) and {{stop}} (；；。). Statements:
//
//	@agency @title @caption          centred, bold
//	@heading                         a heading, kept with what follows
//	@flush @centre @right            a paragraph without indent, centred, to the right
//	@row [3 2] 姓名：{{a}} | 电话：     labels with values side by side, widths in proportion; a label
//	                                 without a value leaves a line to write on
//	@ask @answer                     question and answer, first word hanging
//	@seal {{agency}} | {{issued}}    signature at the lower right, never alone on a page
//	@lines 2                         ruled lines to write on
//	@space 3                         white space, in millimetres
//	@rule                            a line across the page
//	@size 10.5 18                    other text size up to the end of the block
//	@table rows … @end               "column | 标题 | width in mm | left, right or centre | optional"; @foot for totals
//	@grid 30 50 30 50 … @end         a ruled form: lines of cells parted by "|"; "@tall 24 a | b" at least 24 mm high
//	@if name … @else … @end          also @unless
//	@each rows … @end                once a row
//	@keep … @end                     all on one page
//	@qr … @end                       to the left of the QR code; over the full width without one
//	@annex landscape … @end          on pages of its own, last; upright without "landscape"
//	@footer … @end                   at the foot of every page
//
// A placeholder that is not declared, a field that is declared and not used, a block without its end and
// every other slip is an error of NewPress that names file and line.
package paper
