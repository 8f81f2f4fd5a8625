package paper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"anxin/assets"
)

// A thousand prints over all types, from several goroutines and from fields put into their map in another order each
// time, are the same bytes a type.
func TestPrintGivesTheSameBytes(t *testing.T) {
	p, jobs := newPress(t), everyJob(t)
	rounds := 1000/len(jobs) + 1
	if raced {
		rounds = 2
	}
	for name, job := range jobs {
		job.Mark, job.Attachment = MarkCopy, []byte(`{"a":1}`)
		first := mustPrint(t, job)
		var wg sync.WaitGroup
		for range rounds {
			wg.Go(func() {
				again := job
				again.Fields = map[string]any{}
				for k, v := range job.Fields {
					again.Fields[k] = v
				}
				out, err := p.Print(again)
				if err != nil || !bytes.Equal(first.PDF, out.PDF) || first.Pages != out.Pages {
					t.Errorf("%s: printed again it differs (%v)", name, err)
				}
			})
		}
		wg.Wait()
	}
}

// Dates and rows as they come from Go print the same document as from JSON, as a verifier has it.
func TestPrintFromJSON(t *testing.T) {
	for name, job := range samples() {
		if job.Fields["issued"] != nil {
			job.Fields["issued"] = issued
		}
		plain := job
		plain.Fields = maps.Clone(job.Fields)
		if job.Fields["issued"] != nil {
			plain.Fields["issued"] = "2026年3月18日"
		}
		data, err := json.Marshal(plain.Fields)
		if err != nil {
			t.Fatal(err)
		}
		plain.Fields = nil
		if err := json.Unmarshal(data, &plain.Fields); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(mustPrint(t, plain).PDF, mustPrint(t, job).PDF) {
			t.Errorf("%s: the job read from JSON prints otherwise", name)
		}
	}
}

func TestDraftsPrintEmpty(t *testing.T) {
	p := newPress(t)
	for _, docType := range p.Types() {
		job := Job{Type: docType, Issued: issued, Mark: MarkDraft}
		if out, err := p.Print(job); err != nil || out.Pages == 0 {
			t.Errorf("%s: an empty draft: %d pages, %v", docType, out.Pages, err)
		}
		job.Mark = ""
		if _, err := p.Print(job); err == nil || !strings.Contains(err.Error(), "没有填写") {
			t.Errorf("%s: an empty document was printed: %v", docType, err)
		}
	}
}

func TestPrintRefuses(t *testing.T) {
	set := func(name string, v any) func(*Job) {
		return func(j *Job) { j.Fields[name] = v }
	}
	cases := []struct {
		name   string
		change func(*Job)
		want   []string
	}{
		{"unknown type", func(j *Job) { j.Type = "D99" }, []string{"D99", "模板"}},
		{"unknown field", set("employr", "x"), []string{"employr"}},
		{"unknown column", set("facts", []map[string]any{{"text": "a", "txt": "b"}}), []string{"第 1 行", "txt"}},
		{"missing rune", set("employer", "甲\U0010FFFD公司"), []string{"被指令单位（个人）", "U+10FFFD"}},
		{"missing rune in a row", set("workers", []map[string]any{{"name": "甲", "owed": "1"}, {"name": "\u0E01", "owed": "1"}}), []string{"第 2 行", "姓名", "U+0E01"}},
		{"missing rune in the number", func(j *Job) { j.Number = "\u0E01" }, []string{"文号", "U+0E01"}},
		{"invalid UTF-8", set("employer", "a\xff"), []string{"被指令单位（个人）", "UTF-8"}},
		{"wrong kind of value", set("wages", "yes"), []string{"含拖欠工资内容", "是或否"}},
		{"number for text", set("employer", 5), []string{"应填文字"}},
		{"rows that are none", set("facts", "x"), []string{"逐行"}},
		{"unknown option", set("service_method", "飞鸽"), []string{"飞鸽", "直接送达"}},
		{"two of one choice", set("service_method", []string{"直接送达", "留置送达"}), []string{"只能选一项"}},
		{"required left empty", set("employer", ""), []string{"被指令单位（个人）", "没有填写"}},
		{"token too long", func(j *Job) { j.Token = strings.Repeat("A", 400) }, []string{"核验码"}},
		{"unknown mark", func(j *Job) { j.Mark = "机密" }, []string{"机密"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			job := orderJob(2)
			c.change(&job)
			out, err := newPress(t).Print(job)
			if err == nil {
				t.Fatalf("printed %d pages", out.Pages)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q does not say %q", err, w)
				}
			}
		})
	}
}

func TestTableLosesNoRow(t *testing.T) {
	p := newPress(t)
	for _, n := range []int{1, 2, 17, 28, 100, 500} {
		job := orderJob(n)
		rows := job.Fields["workers"].([]map[string]any)
		for i := range rows {
			rows[i]["name"] = fmt.Sprintf("工人%04d号", i+1)
		}
		pages := laidText(t, p, job)
		text := strings.Join(pages, "")
		at := 0
		for i := range rows {
			name := fmt.Sprintf("工人%04d号", i+1)
			found := strings.Index(text[at:], name)
			if found < 0 {
				t.Fatalf("%d rows: %s is missing or out of order", n, name)
			}
			at += found
		}
		for i, page := range pages {
			if strings.Contains(page, "工人") && !strings.Contains(page, "身份证号码") {
				t.Errorf("%d rows: page %d lacks the table's head", n, i+1)
			}
			if want := fmt.Sprintf("第%d页共%d页", i+1, len(pages)); !strings.Contains(page, want) {
				t.Errorf("%d rows: page %d does not say %s", n, i+1, want)
			}
		}
		annex := 0
		for _, page := range pages {
			if strings.Contains(page, "身份证号码") {
				annex++
			}
		}
		if want := fmt.Sprintf("（共%d页）", annex); !strings.Contains(text, want) {
			t.Errorf("%d rows: the order does not quote its annex as %s", n, want)
		}
	}
}

func TestRecordsAreSignedOnEveryPage(t *testing.T) {
	p := newPress(t)
	pages := laidText(t, p, interviewJob(manyQuestions(300)))
	if len(pages) < 10 {
		t.Fatalf("300 questions on %d pages", len(pages))
	}
	for i, page := range pages {
		if !strings.Contains(page, "被询问人签名（指印）：询问人：询问人：记录人：") {
			t.Errorf("page %d lacks the line for signatures", i+1)
		}
	}
	text := strings.Join(pages, "")
	for i := range 300 {
		if !strings.Contains(text, fmt.Sprintf("问：第%d问：", i+1)) || !strings.Contains(text, fmt.Sprintf("还欠%d元。", 10000+i)) {
			t.Errorf("question %d is not whole", i+1)
		}
	}
	if want := fmt.Sprintf("以上笔录共%d页", len(pages)); !strings.Contains(text, want) {
		t.Errorf("the record does not say %s", want)
	}
}

func TestLongAnswerIsWhole(t *testing.T) {
	p := newPress(t)
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "第%d天上工。", i)
	}
	answer := b.String()
	pages := laidText(t, p, interviewJob([]map[string]any{{"q": "请说明。", "a": answer}}))
	body := ""
	for _, page := range pages {
		before, _, _ := strings.Cut(page, "被询问人签名（指印）：询问人：")
		body += before
	}
	if !strings.Contains(body, answer) {
		t.Error("an answer of 3,000 characters lost some of them")
	}
}

// However long the order is, no page begins with its address or its signature: some of its text stands above.
func TestEndingsNeverStandAlone(t *testing.T) {
	p := newPress(t)
	for n := range 60 {
		job := orderJob(0)
		var facts []map[string]any
		for range n {
			facts = append(facts, map[string]any{"text": "一行事实"})
		}
		job.Fields["facts"], job.Fields["wages"], job.Number = facts, n%2 == 0, "文号"
		for i, page := range laidText(t, p, job) {
			for _, alone := range []string{"本机关地址：", "余杭区人力资源和社会保障局（印章）", "邮编："} {
				if strings.HasPrefix(page, alone) {
					t.Errorf("%d facts: page %d begins with %s", n, i+1, alone)
				}
			}
		}
	}
}

// A long cell of a grid is divided between pages, and a page never holds half a line.
func TestLongGridCellIsWhole(t *testing.T) {
	p := newPress(t)
	long := strings.Repeat("送达经过甲乙丙丁戊己。", 200)
	job := receiptJob()
	job.Fields["note"] = long
	var body string
	pages := laidText(t, p, job)
	for _, page := range pages {
		before, _, _ := strings.Cut(page, fmt.Sprintf("页共%d页", len(pages)))
		body += before
	}
	kept := strings.Count(body, "送达经过")
	if kept < 199 { // a mark on a page turn is cut in two by the page number
		t.Errorf("%d of 200 sentences are on the paper", kept)
	}
	if len(pages) < 2 {
		t.Errorf("2,200 characters on %d page", len(pages))
	}
}

// Names of 50 characters stand whole on every paper that names a party.
func TestLongNames(t *testing.T) {
	p := newPress(t)
	long := map[string]string{
		"employer": "新疆维吾尔自治区伊犁哈萨克自治州霍城县清水河经济技术开发区示例建筑劳务分包有限责任公司清水河分公司",
		"agency":   "新疆生产建设兵团第四师可克达拉市人力资源和社会保障局劳动保障监察支队驻霍尔果斯经济开发区执法大队",
	}
	for docType, job := range everyJob(t) {
		for name, value := range long {
			if job.Fields[name] != nil {
				job.Fields[name] = value
			}
		}
		text := strings.Join(laidText(t, p, job), "")
		for name, value := range long {
			if job.Fields[name] != nil && !strings.Contains(text, value) {
				t.Errorf("%s: %s is not whole", docType, name)
			}
		}
		insideMargins(t, p, job)
		soundLines(t, p, job)
	}
}

// The receipt under a seal is on the page of the seal, or on the next one where either page would stay empty; the
// samples of the house have it on the same.
func TestReceiptsStandUnderTheirSeal(t *testing.T) {
	p := newPress(t)
	parted := 0
	for docType, job := range everyJob(t) {
		for more := range 4 { // wherever the page ends
			if more > 0 {
				job.Fields["title"] = strings.Repeat("很长的标题", 8*more+1)
			}
			sheets, _, err := p.sheets(&job)
			if err != nil {
				t.Fatal(err)
			}
			sealed := 0
			for i, page := range textOf(sheets) {
				if strings.Contains(page, "（印章）") {
					sealed = i + 1
				}
			}
			switch on := symbolPage(sheets); {
			case sealed == 0 || on == sealed:
			case on == sealed+1 && more > 0:
				parted++
			default:
				t.Errorf("%s, %d: the seal is on page %d, the receipt on page %d", docType, more, sealed, on)
			}
		}
	}
	if parted > 3 {
		t.Errorf("%d receipts are parted from their seals", parted)
	}
}

// A due date in a year whose holidays are not published yet is printed with the words that say so.
func TestProvisionalDueDate(t *testing.T) {
	job := orderJob(1)
	job.Fields["due"] = "2027年2月26日（2027年放假安排公布前暂定）"
	if text := flowText(t, newPress(t), job); strings.Count(text, job.Fields["due"].(string)) < 2 {
		t.Errorf("the due date is not whole on %s", text)
	}
}

// insideMargins checks that nothing of the text sticks out of the type area by more than the half character a
// closing mark may hang.
func insideMargins(t rapid.TB, p *Press, job Job) {
	t.Helper()
	sheets, _, err := p.sheets(&job)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range sheets {
		for _, st := range s.strips {
			for _, sp := range st.spans {
				right := st.x + sp.x
				for k, r := range sp.runes {
					right += float64(sp.face.width(r)) * sp.size / 1000
					if sp.gaps != nil {
						right += sp.gaps[k]
					}
				}
				if limit := s.geometry.width - s.geometry.right + sp.size/2 + 0.01; right > limit || st.x+sp.x < s.geometry.left-0.01 {
					t.Errorf("page %d: %q runs from %.1f to %.1f, the margin is at %.1f", i+1, string(sp.runes), st.x+sp.x, right, limit)
				}
			}
			if bottom := st.y + st.height; bottom > s.geometry.height-6*mm {
				t.Errorf("page %d: a line ends at %.1f of %.1f points", i+1, bottom, s.geometry.height)
			}
		}
	}
}

// A number wider than a centred cell is cut inside the cell, also when only one character is left over.
func TestANumberWiderThanItsCellStaysInside(t *testing.T) {
	p := pressOf(t, anyTemplate)
	for _, a := range []string{"始的的的〔2026〕甲，的的的Wi-Fi 6的的𠮷田勇¥386,452.30终", "始¥386,452.30终", "始33011019900101000X终", "艾力·买买提·古丽巴哈尔·艾合买提江"} {
		insideMargins(t, p, Job{Type: "T", Fields: map[string]any{"a": a, "b": "始终", "c": "始甲，终"}})
	}
}

func TestEverythingStaysInsideTheMargins(t *testing.T) {
	p := newPress(t)
	for _, job := range samples() {
		insideMargins(t, p, job)
	}
	for _, docType := range p.Types() {
		values, _ := marked(p.Fields(docType), variant{flag: true, series: '甲', rows: 3})
		insideMargins(t, p, markedJob(docType, values))
	}
}

// The rare face, 30 MB, is opened only for a character that needs it, and no face is opened twice.
func TestFacesAreOpenedOnce(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	p, err := NewPress(assets.Papers, func(name string) ([]byte, error) {
		mu.Lock()
		defer mu.Unlock()
		asked[name]++
		return assets.Face(name)
	})
	if err != nil || len(asked) > 0 {
		t.Fatalf("loading templates opened %v (%v)", asked, err)
	}
	printFourTimes := func(job Job) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := p.Print(job); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	job := orderJob(0)
	job.Fields["first_worker"] = ""
	printFourTimes(job)
	if asked[faceRare] != 0 || asked[faceBody] != 1 {
		t.Errorf("plain text opened %v", asked)
	}
	printFourTimes(orderJob(3))
	if asked[faceRare] != 1 || asked[faceBody] != 1 || asked[faceTitle] != 1 || asked[faceHead] != 1 {
		t.Errorf("faces were opened %v times", asked)
	}
}

func TestUnusableFacesAreReported(t *testing.T) {
	for name, load := range map[string]func(string) ([]byte, error){
		"absent":  func(string) ([]byte, error) { return nil, errors.New("没有这个文件") },
		"damaged": func(string) ([]byte, error) { return []byte("not a font at all"), nil },
	} {
		p, err := NewPress(assets.Papers, load)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Print(orderJob(1)); err == nil || !strings.Contains(err.Error(), "字体“serif”") {
			t.Errorf("%s: error %v does not name the face", name, err)
		}
	}
}

func TestFieldsAreACopy(t *testing.T) {
	p := newPress(t)
	p.Fields("D06")[0].Name = "changed"
	if p.Fields("D06")[0].Name == "changed" {
		t.Error("a caller can change the template")
	}
	if p.Fields("D99") != nil || p.Title("D99") != "" {
		t.Error("an unknown type has fields")
	}
	for _, want := range []string{"D01", "D02", "D03", "D06", "D16", "D28"} {
		if !slices.Contains(p.Types(), want) {
			t.Errorf("no template for %s", want)
		}
	}
}
