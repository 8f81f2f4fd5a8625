package paper

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
)

const (
	producer       = "安薪 Anxin"
	attachmentName = "document.json"
)

// finish turns gofpdf's output into the document: our fonts, pictures, bookmarks, dates, title, language,
// metadata, and the attachment the document was made from.
func finish(pages []byte, k ink, pictures []*picture, marks []bookmark, job *Job, title string) ([]byte, error) {
	o, err := parseObjects(pages)
	if err != nil {
		return nil, fmt.Errorf("读取生成的页面：%w", err)
	}
	o.deflatePages()
	fonts, images := "", ""
	for i, f := range k.faces {
		n, err := o.addFont(f, k.runes[f], k.files[i]())
		if err != nil {
			return nil, err
		}
		fonts += fmt.Sprintf("/%s %d 0 R ", fontKey(k.faces, f), n)
	}
	for i, p := range pictures {
		images += fmt.Sprintf("/%s %d 0 R ", pictureKey(i), o.addPicture(p))
	}
	const resources = 2 // gofpdf always numbers its page tree 1 and its resources 2
	o.bodies[resources] = fmt.Appendf(nil, "<</ProcSet [/PDF /Text /ImageB /ImageC] /Font <<%s>> /XObject <<%s>>>>", fonts, images)
	o.bodies[o.info] = infoObject(job, title)
	catalog := fmt.Sprintf("<</Type /Catalog /Pages 1 0 R /Lang (zh-CN) /ViewerPreferences <</DisplayDocTitle true>> /Metadata %d 0 R",
		o.add(streamObject(" /Type /Metadata /Subtype /XML", xmp(job, title))))
	if root := o.addOutline(marks); root != 0 {
		catalog += fmt.Sprintf(" /Outlines %d 0 R", root)
	}
	if job.Attachment != nil {
		spec := o.addAttachment(job)
		catalog += fmt.Sprintf(" /Names <</EmbeddedFiles <</Names [(%s) %d 0 R]>>>>", attachmentName, spec)
	}
	o.bodies[o.root] = []byte(catalog + ">>")
	return o.write(), nil
}

// addPicture adds a picture in its own bytes, so that they can be taken out again and hashed.
func (o *objects) addPicture(p *picture) int {
	space := "DeviceRGB"
	if p.grey {
		space = "DeviceGray"
	}
	return o.add(streamObject(fmt.Sprintf(" /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s /BitsPerComponent 8 /Filter /DCTDecode",
		p.width, p.height, space), p.data))
}

// fontFile is the subset of a face as an object of the file.
type fontFile struct {
	name   string // tells subsets of one face apart
	object []byte
	err    error
}

func packFont(f *face, runes []rune) fontFile {
	data, err := f.subset(runes)
	if err != nil {
		return fontFile{err: err}
	}
	sum := sha256.Sum256(data)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return fontFile{name: fmt.Sprintf("%s+%s", tag, f.name), object: deflated(fmt.Sprintf(" /Length1 %d", len(data)), data)}
}

// addFont adds a composite font whose codes are the glyphs of its subset.
func (o *objects) addFont(f *face, runes []rune, subset fontFile) (int, error) {
	if subset.err != nil {
		return 0, subset.err
	}
	name, file := subset.name, o.add(subset.object)
	box := make([]int, 4)
	for i, v := range f.box {
		box[i] = f.perMille(v)
	}
	ascent, descent := f.perMille(f.ascent), f.perMille(f.descent)
	descriptor := o.add(fmt.Appendf(nil, "<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox %d /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R>>",
		name, box, ascent, descent, ascent*4/5, file))
	var widths strings.Builder
	for _, r := range runes {
		fmt.Fprintf(&widths, "%d ", f.width(r))
	}
	child := o.add(fmt.Appendf(nil, "<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /DW 1000 /W [1 [%s]] /CIDToGIDMap /Identity>>",
		name, descriptor, strings.TrimSuffix(widths.String(), " ")))
	unicode := o.add(deflated("", toUnicode(runes)))
	return o.add(fmt.Appendf(nil, "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>",
		name, child, unicode)), nil
}

// compressors are kept: a new one clears most of a megabyte.
var compressors = sync.Pool{New: func() any {
	z, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed) // the level is valid
	return z
}}

func deflated(dict string, data []byte) []byte {
	w := bytes.NewBuffer(make([]byte, 0, len(data)/2+64))
	z := compressors.Get().(*zlib.Writer)
	defer compressors.Put(z)
	z.Reset(w)
	z.Write(data) // a bytes.Buffer takes everything
	z.Close()
	return streamObject(dict+" /Filter /FlateDecode", w.Bytes())
}

// deflatePages compresses the page contents, the only streams gofpdf has written.
func (o *objects) deflatePages() {
	for n, body := range o.bodies {
		dict, data, ok := bytes.Cut(body, []byte(">>\nstream\n"))
		if size := streamLength(dict); ok && size >= 0 && size <= len(data) {
			o.bodies[n] = deflated("", data[:size])
		}
	}
}

// toUnicode maps codes 1… to runes, above U+FFFF as surrogate pairs (PDF 32000-1, 9.10.3).
func toUnicode(runes []rune) []byte {
	var w bytes.Buffer
	w.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const most = 100 // entries in one block
	for from := 0; from < len(runes); from += most {
		block := runes[from:min(from+most, len(runes))]
		fmt.Fprintf(&w, "%d beginbfchar\n", len(block))
		for i, r := range block {
			fmt.Fprintf(&w, "<%04X> <", from+i+1)
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&w, "%04X", u)
			}
			w.WriteString(">\n")
		}
		w.WriteString("endbfchar\n")
	}
	w.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return w.Bytes()
}

// textString writes a PDF text string in UTF-16.
func textString(s string) string {
	out := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		out = be.AppendUint16(out, u)
	}
	return "<" + strings.ToUpper(hex.EncodeToString(out)) + ">"
}

func pdfDate(t time.Time) string {
	zone := t.Format("-0700")
	return "D:" + t.Format("20060102150405") + zone[:3] + "'" + zone[3:] + "'"
}

// Keys under which a document carries for ReadPDF what it was printed with.
const (
	typeKey  = "/AnxinType "
	tokenKey = "/AnxinToken "
	copyKey  = "/AnxinCopy "
	markKey  = "/AnxinMark "
)

func infoObject(job *Job, title string) []byte {
	date := pdfDate(job.Issued)
	out := fmt.Appendf(nil, "<</Title %s /Producer %s /CreationDate (%s) /ModDate (%s) %s<%X> %s<%X>",
		textString(title), textString(producer), date, date, typeKey, job.Type, tokenKey, job.Token)
	for _, e := range [][2]string{{copyKey, job.Copy}, {markKey, job.Mark}} {
		if e[1] != "" {
			out = fmt.Appendf(out, " %s<%X>", e[0], e[1])
		}
	}
	return append(out, ">>"...)
}

func (o *objects) addAttachment(job *Job) int {
	date := pdfDate(job.Issued)
	params := fmt.Sprintf(" /Type /EmbeddedFile /Subtype /application#2Fjson /Params <</Size %d /CreationDate (%s) /ModDate (%s) /CheckSum <%X>>>",
		len(job.Attachment), date, date, md5.Sum(job.Attachment)) // the PDF format asks for MD5 here
	file := o.add(deflated(params, job.Attachment))
	return o.add(fmt.Appendf(nil, "<</Type /Filespec /F (%s) /UF (%s) /EF <</F %d 0 R>>>>",
		attachmentName, attachmentName, file))
}

// xmp repeats title and dates as XML metadata.
func xmp(job *Job, title string) []byte {
	var safe bytes.Buffer
	_ = xml.EscapeText(&safe, []byte(title)) // a bytes.Buffer takes everything
	date := job.Issued.Format(time.RFC3339)
	return fmt.Appendf(nil, `<?xpacket begin="%s" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate><pdf:Producer>%s</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`, "\uFEFF", safe.Bytes(), date, date, producer)
}
