package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"pgregory.net/rapid"
)

// These tests hold for every template there is, whoever writes the next one.

// variant is one way to fill a template: which option each choice takes, and whether flags are set.
type variant struct {
	option int
	flag   bool
	series rune // of the marks, so that two fillings share none
	rows   int
}

// marked fills every field of a template with a text of its own, "值甲0001尾", and gives these texts by field.
func marked(fields []Field, v variant) (map[string]any, map[string][]string) {
	next, marks := 0, map[string][]string{}
	var fill func(fields []Field, path string) map[string]any
	fill = func(fields []Field, path string) map[string]any {
		out := map[string]any{}
		for _, f := range fields {
			switch f.Kind {
			case Image:
				out[f.Name], _ = anyPicture()
			case Flag:
				out[f.Name] = v.flag
			case Choice:
				out[f.Name] = f.Options[v.option%len(f.Options)]
			case Choices:
				out[f.Name] = []string{f.Options[v.option%len(f.Options)]}
			case Rows:
				var rows []map[string]any
				for range v.rows {
					rows = append(rows, fill(f.Columns, path+f.Name+"."))
				}
				out[f.Name] = rows
			default:
				next++
				mark := fmt.Sprintf("值%c%04d尾", v.series, next)
				if f.Kind == Money { // may be summed up
					mark = fmt.Sprintf("%d.%02d", 1000+next, int(v.series)%100)
				}
				out[f.Name] = mark
				marks[path+f.Name] = append(marks[path+f.Name], mark)
			}
		}
		return out
	}
	return fill(fields, ""), marks
}

// anyPicture is a small photo: its name and, as a job takes it, its bytes.
var anyPicture = sync.OnceValues(func() (string, map[string][]byte) {
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		panic(err)
	}
	print, err := PreparePicture(raw.Bytes(), LongestSide)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(print)
	name := hex.EncodeToString(sum[:])
	return name, map[string][]byte{name: print}
})

// markedJob is a type filled with marks.
func markedJob(docType string, values map[string]any) Job {
	_, images := anyPicture()
	return Job{Type: docType, Fields: values, Images: images, Number: "标字〔2026〕第9号", Token: token, Issued: issued}
}

// variants reach every option of every choice, with flags set and not.
func variants(fields []Field) []variant {
	most := 1
	for _, f := range fields {
		most = max(most, len(f.Options))
	}
	var out []variant
	for i := range most {
		out = append(out, variant{option: i, flag: true, series: '甲', rows: 3}, variant{option: i, flag: false, series: '甲', rows: 3})
	}
	return out
}

// Each field reaches the paper, and stands only where the template has it: filled with other marks the paper
// reads the same but for these marks, each in the places of its field.
func TestEveryFieldStandsInItsOwnPlaces(t *testing.T) {
	p := newPress(t)
	for _, docType := range p.Types() {
		t.Run(docType, func(t *testing.T) {
			fields := p.Fields(docType)
			seen, all := map[string]bool{}, map[string]bool{}
			for _, v := range variants(fields) {
				values, marks := marked(fields, v)
				other := v
				other.series = '乙'
				otherValues, otherMarks := marked(fields, other)
				job, otherJob := markedJob(docType, values), markedJob(docType, otherValues)
				job.Token, otherJob.Token = "", "" // a code is no text, and dear
				text, otherText := flowText(t, p, job), flowText(t, p, otherJob)
				exchange := []string{}
				for name, list := range marks {
					all[name] = true
					for i, m := range list {
						n := strings.Count(text, m)
						seen[name] = seen[name] || n > 0
						if most := placesOf(p.templates[docType].words, name); n > most && strings.HasPrefix(m, "值") {
							t.Errorf("%+v: the field %s stands %d times on the paper, %d times in the template", v, name, n, most)
						}
						if strings.HasPrefix(m, "值") {
							exchange = append(exchange, m, otherMarks[name][i])
						}
					}
				}
				if got := strings.NewReplacer(exchange...).Replace(text); withoutMoney(got) != withoutMoney(otherText) {
					t.Errorf("%+v: with other marks the paper reads otherwise:\n%s\n%s", v, got, otherText)
				}
				numbered := strings.Contains(p.templates[docType].words, "{{number")
				if numbered != strings.Contains(text, "标字〔2026〕第9号") || !strings.Contains(text, squeeze(p.TitleFor(docType, values))) {
					t.Errorf("%+v: number or title is not on the paper", v)
				}
			}
			for name := range all {
				if !seen[name] {
					t.Errorf("the field %s is on no variant of the paper", name)
				}
			}
		})
	}
}

// A line that is signed leaves room for it: no template prints anything into it.
func TestLinesToSignAreEmpty(t *testing.T) {
	filled := regexp.MustCompile(`（(签名|签字|签章)[^）]*）：[^　|/\n]*\{\{.*`)
	for docType, tpl := range newPress(t).templates {
		if at := filled.FindString(tpl.words); at != "" {
			t.Errorf("%s prints on a line to sign: %s", docType, at)
		}
	}
}

// placesOf counts where the text of a template prints a field, a column of rows as "rows.column".
func placesOf(words, path string) int {
	rows, name, column := strings.Cut(path, ".")
	if !column {
		name, rows = path, ""
	}
	n := strings.Count(words, "{{"+name+"}}") + strings.Count(words, "{{"+name+":")
	if column {
		n += len(regexp.MustCompile(`(?m)^`+name+` *\|`).FindAllString(words, -1)) + strings.Count(words, "@photos "+rows+" ")
	}
	return n
}

var moneyMark = regexp.MustCompile(`[\d,]+\.\d\d`)

func withoutMoney(s string) string { return moneyMark.ReplaceAllString(s, "元") }

// everyJob is the sample of the house of each type.
func everyJob(t testing.TB) map[string]Job {
	t.Helper()
	out := map[string]Job{}
	for _, docType := range newPress(t).Types() {
		out[docType] = sample(docType)
	}
	return out
}

func TestEverySampleIsSound(t *testing.T) {
	p := newPress(t)
	for docType, job := range everyJob(t) {
		t.Run(docType, func(t *testing.T) {
			job.Mark, job.Attachment = MarkExample, []byte(`{"a":1}`)
			out, err := p.Print(job)
			if err != nil {
				t.Fatal(err)
			}
			insideMargins(t, p, job)
			soundLines(t, p, job)
			if err := api.Validate(bytes.NewReader(out.PDF), strict()); err != nil {
				t.Errorf("pdfcpu: %v", err)
			}
			if out := tool(t, out.PDF, "qpdf", "--check", "FILE"); strings.Contains(strings.ToUpper(out), "WARNING") {
				t.Error(out)
			}
		})
	}
}

func strict() *model.Configuration {
	api.DisableConfigDir()
	c := model.NewDefaultConfiguration()
	c.ValidationMode, c.Offline = model.ValidationStrict, true
	return c
}

// What is laid on the pages is what poppler and MuPDF read in the file, character for character and in order.
func TestEverySampleIsReadWhole(t *testing.T) {
	p := newPress(t)
	for docType, job := range everyJob(t) {
		t.Run(docType, func(t *testing.T) { readInOrder(t, p, job) })
	}
}

// readInOrder gives the text of a job as its pages hold it, once two readers have read the same.
func readInOrder(t *testing.T, p *Press, job Job) string {
	t.Helper()
	out, err := p.Print(job)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join(laidText(t, p, job), "")
	for _, reader := range [][]string{{"pdftotext", "-raw", "FILE", "-"}, {"mutool", "draw", "-q", "-F", "txt", "-o", "-", "FILE"}} {
		if got := squeeze(tool(t, out.PDF, reader[0], reader[1:]...)); got != want {
			t.Errorf("%s reads\n%s\nlaid\n%s", reader[0], got, want)
		}
	}
	return want
}

// soundLines checks that no line begins with closing or ends with opening punctuation, a paragraph's own first and
// last character aside.
func soundLines(t rapid.TB, p *Press, job Job) {
	t.Helper()
	sheets, _, err := p.sheets(&job)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range sheets {
		for _, st := range s.strips {
			for _, line := range st.lines() {
				first, last := line[0], line[len(line)-1]
				if is(first, classNoStart) && first != '／' {
					t.Errorf("%s: page %d: a line begins with %c: %s", job.Type, i+1, first, string(line))
				}
				if is(last, classNoEnd) && last != '／' {
					t.Errorf("%s: page %d: a line ends with %c: %s", job.Type, i+1, last, string(line))
				}
			}
		}
	}
}

// lines joins the spans of a strip that stand on one baseline without a gap.
func (p placed) lines() [][]rune {
	var out [][]rune
	end, y := -1.0, -1.0
	for _, sp := range p.spans {
		if sp.y != y || sp.x > end+0.01 || sp.x < end-0.01 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], sp.runes...)
		end, y = sp.x, sp.y
		for k, r := range sp.runes {
			end += float64(sp.face.width(r)) * sp.size / 1000
			if sp.gaps != nil {
				end += sp.gaps[k]
			}
		}
	}
	return out
}

// anyText draws texts as officers type them: Chinese with its punctuation, rare hanzi, names of minorities, long
// numbers, Latin words. It begins and ends with a hanzi, so that no line of it may begin or end with punctuation.
func anyText(most int) *rapid.Generator[string] {
	pieces := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理世车")), 1, 12, -1),
		rapid.SampledFrom([]string{"甲，", "乙。", "丙；", "丁：", "戊、", "“一”", "（二）", "《条例》", "〔2026〕", "己……", "庚——", "辛！”", "（壬）。", "癸？"}),
		rapid.SampledFrom([]string{"𠮷田勇", "李㛃", "欧阳䶮", "𬱖小红", "艾力·买买提", "古丽巴哈尔·艾合买提江", "𡋾"}),
		rapid.SampledFrom([]string{"¥386,452.30", "91330110MA2XXXXX7K", "33011019900101000X", "6222021202012345678", "2026年3月18日", "28名", "0571-8862 3456", "第57条"}),
		rapid.SampledFrom([]string{"Anxin", " PDF/A-3 ", "Wi-Fi 6", "HRSS Bureau", "No. 12", "a@b.cn", "100%", "C30"}),
	)
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		b.WriteString("始")
		for b.Len() < most {
			b.WriteString(pieces.Draw(t, "piece"))
			if rapid.IntRange(0, 30).Draw(t, "stop") == 0 {
				break
			}
		}
		return b.String() + "终"
	})
}

const anyTemplate = "title 题\nfield a text 甲\nfield b text 乙\nfield c text 丙\nfield r rows 行\ncolumn x text 子\ncolumn y text 丑\nbody\n@title {{title}}\n" +
	"{{a}}\n@row 标签：{{b}}\n@grid 30 50 30 40\n{{a}} | {{b}} | 签 | {{c}}\n@end\n@table r\nn | 号 | 10 | centre\nx | 子 | 70 | left\ny | 丑 | 40 | left\n@end\n@ask 问：{{c}}\n@answer 答：{{a}}\n"

// Whatever is typed in is set whole, in order, inside its margins and with sound lines.
func TestAnyTextIsSetWhole(t *testing.T) {
	p := pressOf(t, anyTemplate)
	rapid.Check(t, func(r *rapid.T) {
		a, b, c := anyText(900).Draw(r, "a"), anyText(200).Draw(r, "b"), anyText(100).Draw(r, "c")
		job := Job{Type: "T", Fields: map[string]any{"a": a, "b": b, "c": c, "r": []map[string]any{{"x": c, "y": "短"}, {"x": b, "y": c}}}}
		sheets, _, err := p.sheets(&job)
		if err != nil {
			r.Fatal(err)
		}
		if out, err := p.Print(job); err != nil || out.Pages != len(sheets) {
			r.Fatal(err)
		}
		// Paragraphs are laid line by line; the first three of the template hold a, b and a, b, c again.
		text := strings.Join(laidText(t, p, job), "")
		if !strings.HasPrefix(text, "题"+squeeze(a)+"标签："+squeeze(b)) && len(sheets) == 1 {
			r.Fatalf("laid %.300s", text)
		}
		for _, want := range []string{a, b, c} {
			if sub := squeeze(want); len(sheets) == 1 && strings.Count(text, sub) < 1 {
				r.Fatalf("%q is not whole on the page", want)
			}
		}
		count := map[rune]int{}
		for _, x := range text {
			count[x]++
		}
		for _, x := range squeeze(a + a + a + b + b + b + c + c + c + c) {
			if count[x]--; count[x] < 0 {
				r.Fatalf("%c of the input is missing on the paper", x)
			}
		}
		soundLines(r, p, job)
		insideMargins(r, p, job)
	})
}

// The same through readers of the file, in paragraphs, labels, ruled forms and tables: what was typed comes out in
// order.
func TestAnyTextIsReadInOrder(t *testing.T) {
	p := pressOf(t, anyTemplate)
	for seed := range 8 {
		a, b, c := anyText(600).Example(seed), anyText(200).Example(seed+100), anyText(100).Example(seed+200)
		text := readInOrder(t, p, Job{Type: "T", Fields: map[string]any{"a": a, "b": b, "c": c, "r": []map[string]any{{"x": c, "y": "短"}, {"x": b, "y": c}}}})
		for _, want := range []string{a, b, c} {
			if want = squeeze(want); !strings.Contains(text, want) && !inPieces(text, want) {
				t.Errorf("typed %q\nread  %q", want, text)
			}
		}
	}
}
