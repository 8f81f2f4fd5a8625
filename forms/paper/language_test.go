package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"testing/fstest"

	"anxin/assets"
)

// files is a folder of templates.
func files(pairs ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return out
}

func TestAdditionsRefused(t *testing.T) {
	head := "title 甲\nfield k choice 选 = 一/二\nfield g flag 旗\nfield p image 图\nfield a text 字\nfield r rows 行\ncolumn c text 栏\ncolumn m money 钱\nbody\n{{k}}{{g:box}}{{a}}\n@image p 40\n@each r\n{{c}}{{m}}\n@end\n"
	at := func(n int) string { return fmt.Sprintf("T.paper:%d：", 14+n) }
	cases := []struct{ name, source, want string }{
		{"option that is none", head + "@if k = 三\n@end\n", at(1) + "“k”不是有选项“三”"},
		{"option of a text", head + "{{if a = 一}}甲{{end}}\n", at(1) + "“a”不是有选项"},
		{"title without an option", "title 甲\ntitle 乙 when k\nfield k choice 选 = 一/二\nbody\n{{k}}\n", "T.paper:2：title 的 when"},
		{"title of an unknown option", "title 甲\ntitle 乙 when k = 三\nfield k choice 选 = 一/二\nbody\n{{k}}\n", "T.paper:2：“k”不是有选项“三”"},
		{"copy that is none", head + "@copy 存根\n@end\n", at(1) + "没有名为“存根”的联"},
		{"box of a text", head + "{{a:box}}\n", at(1) + "{{a:box}}"},
		{"list of a flag", head + "{{g:list}}\n", at(1) + "{{g:list}}"},
		{"count of a text", head + "{{a:count}}\n", at(1) + "{{a:count}}"},
		{"form that is none", head + "{{a:bold}}\n", at(1) + "{{a:bold}}：冒号之后"},
		{"picture as text", head + "{{p}}\n", at(1) + "{{p}}：图片请用 @image"},
		{"image of a text", head + "@image a 40\n", at(1) + "@image 之后应是 image 类字段"},
		{"image without a height", head + "@image p\n", at(1) + "@image 之后缺少数字"},
		{"photos without a picture", head + "@photos r 50\n", at(1) + "@photos 的“r”应有且只有一个 image"},
		{"code of a flag", head + "@qr g\n@end\n", at(1) + "@qr 之后应是 text 类字段"},
		{"sums of a text", head + "@table r\nc | 栏 | 10 | left\n@carry c\n@end\n", at(1) + "@carry 的“c”"},
		{"sums in the first column", head + "@table r\nm | 钱 | 10 | left\n@carry m\n@end\n", at(1) + "@carry 的“m”"},
		{"too many empty rows", head + "@table r\nc | 栏 | 10 | left\n@pad 99\n@end\n", at(3) + "@pad"},
		{"unknown word of a column", head + "@table r\nc | 栏 | 10 | left | bold\n@end\n", at(2) + "栏目末尾只能写 optional、strike，不认识“bold”"},
		{"absent part", head + "@include nothing\n", at(1) + "读取文书模板 nothing.part"},
		{"include of a path", head + "@include ../x\n", at(1) + "include 之后应是片段的名称"},
		{"fault in a part", head + "@include bad\n", "bad.part:2：“zz”没有声明"},
		{"part in a part", head + "@include nested\n", "nested.part:1：片段里不能再写 include"},
		{"missing element", "title 甲\nbody\n正文\n", "T.paper:2：缺少法定要素“改正期限”（应有due|until）"},
		{"missing words", "title 甲\nfield until date 期限\nbody\n{{until}}\n", "T.paper:3：缺少法定要素“权利”（应有text:陈述、申辩）"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := files("T.paper", c.source, "bad.part", "好\n{{zz}}\n", "nested.part", "@include bad\n")
			if strings.HasPrefix(c.name, "missing") {
				dir["elements.csv"] = &fstest.MapFile{Data: []byte("id,element,needs\n# 注释\nT,改正期限,due|until\nT,权利,text:陈述、申辩\nX,无,x\n")}
			}
			_, err := NewPress(dir, assets.Face)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// One fault does not hide those of other files.
func TestEveryFaultyFileIsNamed(t *testing.T) {
	_, err := NewPress(files("A.paper", "body\n", "B.paper", "title 甲\nbody\n{{x}}\n", "C.paper", "title 甲\nbody\n好\n"), assets.Face)
	if err == nil || !strings.Contains(err.Error(), "A.paper:1") || !strings.Contains(err.Error(), "B.paper:3") {
		t.Errorf("error %v", err)
	}
}

func TestAdditionsPrinted(t *testing.T) {
	head := "title 受理告知书\ntitle 不予受理告知书 when k = 不受/退回\ncopies 正本/存根\ninclude fields\nfield k choice 选 = 受理/不受/退回\nfield g flag 旗\nfield r rows 行\ncolumn c text 栏\nbody\n"
	use := "{{if a}}{{end}}{{if k}}{{end}}{{if g}}{{end}}\n@each r\n{{if c}}{{end}}\n@end\n"
	two := rowsOf("c", "甲", "乙")
	cases := []struct {
		name, body string
		job        Job
		want       string
	}{
		{"title of a variant", "{{title}}", Job{Fields: map[string]any{"k": "退回"}}, "不予受理告知书"},
		{"title of the others", "{{title}}", Job{Fields: map[string]any{"k": "受理"}}, "受理告知书"},
		{"title of the office", "{{title}}", Job{Fields: map[string]any{"k": "退回", "title": "另题"}}, "另题"},
		{"block of an option", "@if k = 受理\n是\n@else\n非\n@end", Job{Fields: map[string]any{"k": "受理"}}, "是"},
		{"block of another option", "@if k = 受理\n是\n@else\n非\n@end", Job{Fields: map[string]any{"k": "退回"}}, "非"},
		{"words of an option", "{{if k = 不受/退回}}退{{end}}{{unless k = 受理}}不{{end}}", Job{Fields: map[string]any{"k": "不受"}}, "退不"},
		{"no option picked", "{{unless k = 受理}}不{{end}}", Job{}, "不"},
		{"struck blank", "甲{{a:/}}乙", Job{}, "甲／乙"},
		{"blank of a draft", "甲{{a:/}}乙", Job{Mark: MarkDraft}, "甲乙"},
		{"struck blank filled", "甲{{a:/}}乙", Job{Fields: map[string]any{"a": "中"}}, "甲中乙"},
		{"struck row", "@row 电话：{{a:/}}", Job{}, "电话：／"},
		{"struck cell of a grid", "@grid 20 40\n甲 | {{a:/}}\n@end", Job{}, "甲／"},
		{"struck cell of a table", "@table r\nc | 栏 | 10 | left | strike\n@end", Job{Fields: map[string]any{"r": []map[string]any{{}, {"c": "乙"}}}}, "栏／乙"},
		{"options in a list", "{{k:list}}", Job{Fields: map[string]any{"k": "不受"}}, "☐受理☑不受☐退回"},
		{"box", "{{g:box}}甲", Job{Fields: map[string]any{"g": true}}, "☑甲"},
		{"empty box", "{{g:box}}甲", Job{}, "☐甲"},
		{"count", "共{{r:count}}份", Job{Fields: map[string]any{"r": two}}, "共2份"},
		{"filled up table", "@table r\nc | 栏 | 10 | left\n@pad 4\n@end", Job{Fields: map[string]any{"r": two}}, "栏甲乙（以下空白）"},
		{"filled up draft", "@table r\nc | 栏 | 10 | left\n@pad 4\n@end", Job{Mark: MarkDraft, Fields: map[string]any{"r": two}}, "栏甲乙"},
		{"copy", "@copy 存根\n存根文字\n@end\n@copy 正本/存根\n都有\n@end\n{{copy}}", Job{Copy: "存根"}, "存根文字都有存根"},
		{"another copy", "@copy 存根\n存根文字\n@end\n@copy 正本/存根\n都有\n@end", Job{Copy: "正本"}, "都有"},
		{"cut", "@cut 骑缝{{number}}", Job{Number: "第5号"}, "骑缝第5号"},
		{"part", "@include words", Job{Fields: map[string]any{"a": "中"}}, "部分中"},
		{"code of an empty field", "@qr a\n旁\n@end", Job{}, "旁"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := NewPress(files("T.paper", head+use+c.body+"\n", "fields.part", "# 共用\nfield a text 甲\n", "words.part", "部分{{a}}\n"), assets.Face)
			if err != nil {
				t.Fatal(err)
			}
			c.job.Type = "T"
			text := strings.Join(laidText(t, p, c.job), "")
			if got, _, _ := strings.Cut(text, "第1页"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if want, got := strings.HasPrefix(c.name, "title"), p.TitleFor("T", c.job.Fields); want && got != c.want {
				t.Errorf("TitleFor gives %q", got)
			}
		})
	}
}

func TestCopies(t *testing.T) {
	p := pressOf(t, "title 题\ncopies 正本/送达联\nbody\n正文\n")
	if got := p.Copies("T"); len(got) != 2 || got[1] != "送达联" {
		t.Errorf("copies %v", got)
	}
	if text := strings.Join(laidText(t, p, Job{Type: "T", Copy: "送达联"}), ""); !strings.Contains(text, "（送达联）") {
		t.Errorf("the copy's name is not on %q", text)
	}
	if _, err := p.Print(Job{Type: "T", Copy: "存根"}); err == nil || !strings.Contains(err.Error(), "正本、送达联") {
		t.Errorf("a copy that is none: %v", err)
	}
	out, err := p.Print(Job{Type: "T", Copy: "送达联", Mark: MarkCopy})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := ReadPDF(out.PDF); err != nil || s.Copy != "送达联" || s.Mark != MarkCopy {
		t.Errorf("read back %+v, %v", s, err)
	}
}

func TestPagesAndVoids(t *testing.T) {
	p := pressOf(t, "title 题\nbody\n甲\n@void\n@page\n乙\n@void 20\n丙\n@page\n@page\n丁\n@void\n")
	sheets, _, err := p.sheets(&Job{Type: "T"})
	if err != nil {
		t.Fatal(err)
	}
	if len(sheets) != 3 {
		t.Fatalf("%d pages, want 3", len(sheets))
	}
	strokes := []int{}
	for _, s := range sheets {
		n := 0
		for _, st := range s.strips {
			for _, r := range st.rules {
				if r.x1 != r.x2 && r.y1 != r.y2 {
					n++
				}
			}
			if st.y+st.height > s.geometry.height-s.geometry.bottom+slack && st.y < s.geometry.height-s.geometry.bottom {
				t.Error("a void stroke leaves the type area")
			}
		}
		strokes = append(strokes, n)
	}
	if fmt.Sprint(strokes) != "[1 1 1]" {
		t.Errorf("void strokes by page: %v", strokes)
	}
}

// A table with carried totals closes and opens its pages with the sums of exactly the rows before.
func TestCarriedTotals(t *testing.T) {
	p := pressOf(t, "title 题\nfield r rows 行\ncolumn c text 栏\ncolumn m money 钱\nbody\n@table r\nn | 号 | 12 | centre\nc | 名 | 60 | left\nm | 钱 | 40 | right\n@carry m\n@foot 合计\n@end\n")
	for _, n := range []int{1, 20, 21, 22, 23, 24, 25, 26, 27, 28, 60, 200} {
		var rows []map[string]any
		for i := range n {
			rows = append(rows, map[string]any{"c": fmt.Sprintf("行%04d", i), "m": "1,000.50"})
		}
		pages := laidText(t, p, Job{Type: "T", Fields: map[string]any{"r": rows}})
		seen := 0
		for i, page := range pages {
			if i > 0 && !strings.Contains(page, broughtForward+squeeze(yuan(int64(seen)*100050))) {
				t.Errorf("%d rows: page %d does not begin with the sum of %d rows: %.60q", n, i+1, seen, page)
			}
			seen += strings.Count(page, "行0") + strings.Count(page, "行1")
			if i < len(pages)-1 && !strings.Contains(page, carriedOver+squeeze(yuan(int64(seen)*100050))) {
				t.Errorf("%d rows: page %d does not end with the sum of %d rows", n, i+1, seen)
			}
		}
		if seen != n || strings.Contains(pages[len(pages)-1], carriedOver) {
			t.Errorf("%d rows: %d are on the paper", n, seen)
		}
		insideMargins(t, p, Job{Type: "T", Fields: map[string]any{"r": rows}})
	}
	_, err := p.Print(Job{Type: "T", Fields: map[string]any{"r": []map[string]any{{"m": "1.00"}, {"m": "约三千"}}}})
	if err == nil || !strings.Contains(err.Error(), "第 2 行“钱”（m）的金额“约三千”") {
		t.Errorf("an amount that is none: %v", err)
	}
}

func TestAmounts(t *testing.T) {
	for s, want := range map[string]int64{"": 0, "1": 100, "1.5": 150, "12,345.60": 1234560, "-3.00": -300, "0.05": 5} {
		if got, err := fenOf(s); err != nil || got != want {
			t.Errorf("%q is %d fen, %v", s, got, err)
		}
	}
	for _, s := range []string{"x", "1.234", "1.", "--1", "99999999999999999999"} {
		if got, err := fenOf(s); err == nil {
			t.Errorf("%q is %d fen", s, got)
		}
	}
	for fen, want := range map[int64]string{0: "0.00", 5: "0.05", -30050: "-300.50", 123456789: "1,234,567.89", 100000: "1,000.00"} {
		if got := yuan(fen); got != want {
			t.Errorf("%d fen is %q", fen, got)
		}
	}
}

// photo is a picture with a red upper left corner.
func photo(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{90, 140, 200, 255}
			if x < w/4 && y < h/4 {
				c = color.RGBA{220, 20, 20, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// turned adds EXIF notes with an orientation to a JPEG.
func turned(jpg []byte, orientation byte) []byte {
	exif := []byte{0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0}
	return append(append(append([]byte{}, jpg[:2]...), exif...), jpg[2:]...)
}

func TestPicturesStandUpright(t *testing.T) {
	red := func(img image.Image, x, y int) bool {
		r, g, _, _ := img.At(x, y).RGBA()
		return r > 0xA000 && g < 0x6000
	}
	corner := map[byte][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for o, want := range corner {
		print, err := PreparePicture(turned(photo(t, 400, 300), o), 200)
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := image.Decode(bytes.NewReader(print))
		if err != nil {
			t.Fatal(err)
		}
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		if max(w, h) != 200 || (o >= 5) != (h > w) {
			t.Errorf("orientation %d: the print has %d×%d pixels", o, w, h)
		}
		if x, y := want[0]*(w-10)+5, want[1]*(h-10)+5; !red(img, x, y) {
			t.Errorf("orientation %d: the marked corner is not at %d,%d", o, x, y)
		}
		again, _ := PreparePicture(turned(photo(t, 400, 300), o), 200)
		if !bytes.Equal(print, again) || bytes.Contains(print, []byte("Exif")) {
			t.Errorf("orientation %d: the print differs or carries notes", o)
		}
	}
	for _, bad := range [][]byte{nil, []byte("GIF89a"), photo(t, 40, 30)[:200]} {
		if _, err := PreparePicture(bad, 100); err == nil {
			t.Errorf("%d bytes were taken for a picture", len(bad))
		}
	}
}

func TestPhotosOnPaper(t *testing.T) {
	p := pressOf(t, "title 照片\nfield p image 总图\nfield r rows 照片\ncolumn i image 图\ncolumn c text 说明\nbody\n@image p 60\n@photos r 50\n")
	images := map[string][]byte{}
	add := func(w, h int) string {
		print, err := PreparePicture(photo(t, w, h), LongestSide)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(print)
		hash := hex.EncodeToString(sum[:])
		images[hash] = print
		return hash
	}
	var rows []map[string]any
	for i := range 9 {
		rows = append(rows, map[string]any{"i": add(800+i, 600), "c": fmt.Sprintf("说明%d字", i)})
	}
	rows = append(rows, map[string]any{"c": "没有照片"})
	job := Job{Type: "T", Fields: map[string]any{"p": add(600, 900), "r": rows}, Images: images, Issued: issued, Attachment: []byte("{}")}
	out, err := p.Print(job)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := p.Print(job)
	if !bytes.Equal(out.PDF, again.PDF) {
		t.Error("printed again it differs")
	}
	insideMargins(t, p, job)
	text := strings.Join(laidText(t, p, job), "")
	for i := range 9 {
		if !strings.Contains(text, fmt.Sprintf("说明%d字", i)) {
			t.Errorf("the words of photo %d are missing", i)
		}
	}
	sealed, err := ReadPDF(out.PDF)
	if err != nil || len(sealed.Images) != len(images) {
		t.Fatalf("%d of %d pictures read back, %v", len(sealed.Images), len(images), err)
	}
	for hash, data := range images {
		if !bytes.Equal(sealed.Images[hash], data) {
			t.Errorf("picture %s came back otherwise", hash[:8])
		}
	}
	if out := tool(t, out.PDF, "qpdf", "--check", "FILE"); strings.Contains(strings.ToUpper(out), "WARNING") {
		t.Error(out)
	}
	delete(images, job.Fields["p"].(string))
	if _, err := p.Print(job); err == nil || !strings.Contains(err.Error(), "“总图”（p）的图片没有随文书提供") {
		t.Errorf("an absent picture: %v", err)
	}
}

func TestBookmarks(t *testing.T) {
	p := pressOf(t, "title 题\nbody\n@title {{title}}\n@heading 一、甲\n正文\n@page\n@heading 二、乙\n正文\n@title 第二份\n@annex\n@caption 附件\n@end\n")
	sheets, _, err := p.sheets(&Job{Type: "T"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range bookmarksOf(sheets) {
		got = append(got, fmt.Sprintf("%s %d %d", m.words, m.level, m.page))
	}
	if want := "[题 1 0 一、甲 2 0 二、乙 2 1 第二份 1 1 附件 2 2]"; fmt.Sprint(got) != want {
		t.Errorf("got %v", got)
	}
	out, err := p.Print(Job{Type: "T", Issued: issued})
	if err != nil {
		t.Fatal(err)
	}
	list := tool(t, out.PDF, "mutool", "show", "FILE", "outline")
	if strings.Count(list, "#page=") != 5 || !strings.Contains(list, "第二份") {
		t.Errorf("mutool reads the bookmarks as\n%s", list)
	}
}

func TestPageMarks(t *testing.T) {
	for text, want := range map[string]bool{"AX:ABCDEFGHIJ:1:3": true, "AX:ABCDEFGHIJ:4:3": false, "AX:abc:1:1": false, "AX:ABCDEFGHIJ:0:3": false, "x": false} {
		m, ok := ParsePageMark(text)
		if ok != want || (ok && m.String() != text) {
			t.Errorf("%q: %v %v", text, m, ok)
		}
	}
	if len(MarkOf("a")) != 10 || MarkOf("a") == MarkOf("b") {
		t.Error("marks do not tell documents apart")
	}
}
