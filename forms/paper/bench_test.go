package paper

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"anxin/assets"
)

// The notice of the design's budget, the same for us and for the peers: two pages, a table of 28 rows, a QR code.

var noticeText = []string{
	"2026年3月18日，本机关依法对你单位在上述项目的用工和工资支付情况实施劳动保障监察。劳动保障监察员周正（执法证号33011001234）、艾力·买买提（执法证号33011001235）已向你单位出示执法证件，并告知依法享有的权利和应当履行的义务。",
	"经查，你单位拖欠𠮷田勇等28名劳动者2025年11月至2026年2月的工资，合计人民币叁拾捌万陆仟肆佰伍拾贰元叁角（¥386,452.30）。上述行为违反了《中华人民共和国劳动法》第五十条、《保障农民工工资支付条例》第三条第一款的规定。依据《劳动保障监察条例》第二十六条第（一）项的规定，责令你单位于2026年3月25日前，将所欠工资足额支付至劳动者本人银行账户，并将支付凭证报送本机关。",
	"你单位应当在上述期限届满之日起3个工作日内，将改正情况及证明材料书面报送本机关。逾期不支付的，责令按照应付金额百分之五十以上一倍以下的标准向劳动者加付赔偿金。",
	"如不服本指令，可以自收到本指令书之日起六十日内向杭州市余杭区人民政府申请行政复议，也可以自收到之日起六个月内直接向杭州市余杭区人民法院提起行政诉讼。",
}

const (
	noticeTitle  = "劳动保障监察限期改正指令书"
	noticeAgency = "余杭区人力资源和社会保障局"
	noticeHead   = "title " + noticeTitle + "\nstyle record\nsize 12 19\nfield workers rows 明细\ncolumn name text 姓名\ncolumn id_number text 身份证号码\ncolumn trade text 班组\ncolumn period text 起止\ncolumn owed money 欠发\nbody\n@agency " + noticeAgency + "\n@title {{title}}\n@right {{number}}\n"
	noticeTail   = "@seal " + noticeAgency + "（印章） | 2026年3月18日\n@qr\n@size 10.5 18\n@row 收件人（签名或盖章）：\n@row 送达人： | 送达人：\n@end\n@annex\n@size 10 15\n@caption 拖欠工资明细表\n@table workers\nn | 序号 | 12 | centre\nname | 姓名 | 32 | left\nid_number | 身份证号码 | 48 | centre\ntrade | 班组 | 22 | left\nperiod | 欠薪起止 | 26 | centre\nowed | 欠发（元） | 24 | right\n@end\n@end\n"
)

func noticePress(b *testing.B) (*Press, Job) {
	b.Helper()
	source := noticeHead + strings.Join(noticeText, "\n") + "\n" + noticeTail
	p, err := NewPress(fstest.MapFS{"T.paper": {Data: []byte(source)}}, assets.Face)
	if err != nil {
		b.Fatal(err)
	}
	rows := workerRows(28)
	for _, r := range rows {
		for _, name := range []string{"due", "paid", "card"} {
			delete(r, name)
		}
	}
	return p, Job{Type: "T", Number: "余人社劳监令字〔2026〕第41号", Token: token, Issued: issued, Attachment: []byte("{}"), Fields: map[string]any{"workers": rows}}
}

// median runs do b.N times and reports the middle of the times it took beside their mean.
func median(b *testing.B, do func(i int)) {
	b.Helper()
	var times []time.Duration
	for b.Loop() {
		from := time.Now()
		do(len(times))
		times = append(times, time.Since(from))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "median-ms")
}

// BenchmarkNotice is ours, warm, every iteration a whole PDF: the same one, whose bytes must not change, and another
// number each time.
func BenchmarkNotice(b *testing.B) {
	p, job := noticePress(b)
	out, err := p.Print(job)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("same", func(b *testing.B) {
		b.ReportAllocs()
		median(b, func(int) {
			again, err := p.Print(job)
			if err != nil || !bytes.Equal(again.PDF, out.PDF) {
				b.Fatal("printed again it differs", err)
			}
		})
		b.ReportMetric(float64(out.Pages), "pages")
		b.ReportMetric(float64(len(out.PDF))/1024, "KB/file")
	})
	b.Run("next", func(b *testing.B) {
		median(b, func(i int) {
			next := job
			next.Number = strings.Replace(job.Number, "41", fmt.Sprint(i), 1)
			if _, err := p.Print(next); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// peerFolder holds the notice for the peers: the QR code as a picture, and our faces.
func peerFolder(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	if err := qrcode.WriteFile(token, qrcode.Medium, 500, filepath.Join(dir, "qr.png")); err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{faceBody, faceTitle, faceRare} {
		data, err := assets.Face(name)
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".ttf"), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

func write(b *testing.B, file, text string) {
	b.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkNoticeLibreOffice converts the notice as a word processor has it: once a process, and 20 in one process.
func BenchmarkNoticeLibreOffice(b *testing.B) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		b.Skip("soffice is not installed: the notice is not compared with LibreOffice")
	}
	dir := peerFolder(b)
	var t strings.Builder
	fmt.Fprintf(&t, "<html><head><meta charset=utf-8><style>@page{size:A4;margin:37mm 26mm 35mm 28mm} body{font:14pt serif;line-height:24pt} td{border:1px solid;font-size:10pt}</style></head><body><h1 align=center>%s<br>%s</h1>", noticeAgency, noticeTitle)
	for _, p := range noticeText {
		fmt.Fprintf(&t, "<p>%s</p>", html.EscapeString(p))
	}
	t.WriteString("<img src=qr.png width=106><p style='page-break-before:always'>拖欠工资明细表</p><table>")
	_, job := noticePress(b)
	for i, r := range job.Fields["workers"].([]map[string]any) {
		fmt.Fprintf(&t, "<tr><td>%d<td>%s<td>%s<td>%s<td>%s<td>%s</tr>", i+1, r["name"], r["id_number"], r["trade"], r["period"], r["owed"])
	}
	t.WriteString("</table></body></html>")
	const batch = 20
	var files []string
	for i := range batch {
		file := filepath.Join(dir, fmt.Sprintf("n%02d.html", i))
		write(b, file, t.String())
		files = append(files, file)
	}
	convert := func(files ...string) {
		args := append([]string{"--headless", "-env:UserInstallation=file://" + dir + "/profile", "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", dir}, files...)
		if out, err := exec.Command(office, args...).CombinedOutput(); err != nil {
			b.Fatalf("soffice: %v\n%s", err, out)
		}
	}
	convert(files[0]) // makes the profile
	b.Run("process", func(b *testing.B) { median(b, func(int) { convert(files[0]) }) })
	b.Run("batch", func(b *testing.B) {
		n := 0
		for b.Loop() {
			convert(files...)
			n++
		}
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(n*batch), "ms/file")
	})
}

// typstNotice is the notice as typst has it; NUMBER stands where its number goes.
func typstNotice(b *testing.B) string {
	var t strings.Builder
	fmt.Fprintf(&t, "#set page(paper: \"a4\", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: \"1 / 1\")\n#set text(font: (\"Noto Serif SC\", \"HanaMinB\"), size: 14pt, lang: \"zh\")\n#set par(justify: true, first-line-indent: 2em, leading: 10pt)\n#align(center, text(22pt)[%s\\ %s])\n#align(right)[余人社劳监令字〔2026〕第NUMBER号]\n", noticeAgency, noticeTitle)
	for _, p := range noticeText {
		fmt.Fprintf(&t, "%s\n\n", p)
	}
	t.WriteString("#image(\"qr.png\", width: 28mm)\n#pagebreak()\n#set text(size: 10.5pt)\n#table(columns: 6,\n")
	_, job := noticePress(b)
	for i, r := range job.Fields["workers"].([]map[string]any) {
		fmt.Fprintf(&t, "[%d],[%s],[%s],[%s],[%s],[%s],\n", i+1, r["name"], r["id_number"], r["trade"], r["period"], r["owed"])
	}
	t.WriteString(")\n")
	return t.String()
}

// BenchmarkNoticeTypst sets the notice with typst: a process each time (ANXIN_TYPST names the program), and warm in
// one process (ANXIN_TYPST_NODE names the folder with node_modules/@myriaddreamin/typst-ts-node-compiler), where it
// keeps faces and images in memory and remembers what it set before.
func BenchmarkNoticeTypst(b *testing.B) {
	typst, modules := os.Getenv("ANXIN_TYPST"), os.Getenv("ANXIN_TYPST_NODE")
	if typst == "" && modules == "" {
		b.Skip("neither ANXIN_TYPST nor ANXIN_TYPST_NODE is set: the notice is not compared with typst")
	}
	dir, notice := peerFolder(b), typstNotice(b)
	if typst != "" {
		b.Run("process", func(b *testing.B) {
			file := filepath.Join(dir, "n.typ")
			write(b, file, strings.Replace(notice, "NUMBER", "41", 1))
			median(b, func(int) {
				if out, err := exec.Command(typst, "compile", "--font-path", dir, file, filepath.Join(dir, "n.pdf")).CombinedOutput(); err != nil {
					b.Fatalf("typst: %v\n%s", err, out)
				}
			})
		})
	}
	if modules == "" {
		return
	}
	set := warmTypst(b, modules, dir, notice)
	b.Run("same", func(b *testing.B) { median(b, func(int) { set(0) }) })
	b.Run("next", func(b *testing.B) { median(b, func(i int) { set(1000 + i) }) })
}

// typstServer compiles the notice once a line of its input, the line being its number, and answers with the bytes
// of the PDF it made.
const typstServer = `const { NodeCompiler } = require(process.argv[2] + '/node_modules/@myriaddreamin/typst-ts-node-compiler')
const fs = require('fs'), dir = process.argv[3]
const compiler = NodeCompiler.create({ workspace: dir, fontArgs: [{ fontPaths: [dir] }] })
const source = fs.readFileSync(dir + '/warm.typ', 'utf8')
require('readline').createInterface({ input: process.stdin }).on('line', n => {
	const pdf = compiler.pdf({ mainFileContent: source.replace('NUMBER', n) })
	fs.writeFileSync(dir + '/warm.pdf', pdf)
	compiler.evictCache(30)
	console.log(pdf.length)
})
`

// warmTypst starts typst in a process that stays, and returns what makes it set the notice with a number.
func warmTypst(b *testing.B, modules, dir, notice string) func(number int) {
	b.Helper()
	write(b, filepath.Join(dir, "warm.typ"), notice)
	write(b, filepath.Join(dir, "warm.cjs"), typstServer)
	server := exec.Command("node", filepath.Join(dir, "warm.cjs"), modules, dir)
	server.Stderr = os.Stderr
	in, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Skipf("node does not start: the notice is not compared with typst warm: %v", err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := server.Wait(); err != nil {
			b.Errorf("typst: %v", err)
		}
	})
	answers := bufio.NewScanner(out)
	set := func(number int) {
		fmt.Fprintln(in, number)
		if !answers.Scan() || answers.Text() == "0" {
			b.Fatalf("typst made nothing: %v", answers.Err())
		}
	}
	for range 3 {
		set(0) // it reads the faces now
	}
	return set
}

// BenchmarkOrder prints a whole order of the house with its annex of 28 rows over two sheets.
func BenchmarkOrder(b *testing.B) {
	p, job := newPress(b), orderJob(28)
	if _, err := p.Print(job); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Print(job); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecord prints a record of 33 pages.
func BenchmarkRecord(b *testing.B) {
	p := newPress(b)
	job := interviewJob(manyQuestions(316))
	out, err := p.Print(job)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Print(job); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Pages), "pages")
}

// BenchmarkBatch prints 500 papers of all types, as an office does on a working day, and says what memory is held
// afterwards.
func BenchmarkBatch(b *testing.B) {
	p := newPress(b)
	jobs := everyJob(b)
	types := p.Types()
	for b.Loop() {
		for i := range 500 {
			if _, err := p.Print(jobs[types[i%len(types)]]); err != nil {
				b.Fatal(err)
			}
		}
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "MB-held")
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB-sys")
}

// BenchmarkBind binds a file of 40 papers.
func BenchmarkBind(b *testing.B) {
	p := newPress(b)
	pdf := mustPrint(b, orderJob(28)).PDF
	var parts []Part
	for i := range 40 {
		parts = append(parts, Part{Group: "组", Title: fmt.Sprint(i), PDF: pdf, Numbered: true})
	}
	for b.Loop() {
		if _, err := p.Bind(parts); err != nil {
			b.Fatal(err)
		}
	}
}
