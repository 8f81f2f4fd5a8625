package statute_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"anxin/model/statute"
)

// sheets reads the Markdown tables of a form: sheet → rows → column → cell.
func sheets(t *testing.T, file string) map[string][]map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]map[string]string{}
	sheet, header := "", []string(nil)
	for n, line := range strings.Split(string(data), "\n") {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) == 1:
			sheet, header = cells[0], nil
		case header == nil:
			header = cells
		default:
			if len(cells) != len(header) {
				t.Fatalf("line %d: %d cells under %d headings", n+1, len(cells), len(header))
			}
			row := map[string]string{}
			for i, name := range header {
				row[name] = cells[i]
			}
			all[sheet] = append(all[sheet], row)
		}
	}
	return all
}

func byName(rows []map[string]string) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, row := range rows {
		all[row["name"]] = row
	}
	return all
}

var (
	itemCode = regexp.MustCompile(`^C\d\d$`)
	article  = regexp.MustCompile(`《[^》]+》第[一二三四五六七八九十百]+条`)
)

func TestChecklistItems(t *testing.T) {
	form := sheets(t, "../../assets/forms/checklist.md")
	rows := byName(form["survey"])
	var groups []string
	items := 0
	for _, row := range form["survey"] {
		if row["type"] == "begin group" {
			groups = append(groups, row["label::中文 (zh)"])
		}
		if itemCode.MatchString(row["name"]) {
			items++
		}
	}
	if want := []string{"资金与合同", "专户与保证金", "用工与实名制", "工资支付", "公示与配合", "其他权益"}; !slices.Equal(groups, want) {
		t.Errorf("sections %v", groups)
	}
	if items != 41 {
		t.Errorf("%d items, want 41", items)
	}
	for n := 1; n <= 41; n++ {
		code := fmt.Sprintf("C%02d", n)
		checkItem(t, rows, code)
		checkFollowUps(t, rows, code)
	}
}

func checkItem(t *testing.T, rows map[string]map[string]string, code string) {
	row := rows[code]
	if row["type"] != "select_one verdict" || !strings.HasPrefix(row["label::中文 (zh)"], code+" ") || !strings.HasPrefix(row["label::English (en)"], code+" ") {
		t.Errorf("%s: %v", code, row)
	}
	for _, column := range []string{"party", "evidence", "fact", "correction"} {
		if row["bind::law:"+column] == "" {
			t.Errorf("%s has no %s", code, column)
		}
	}
	if !article.MatchString(row["bind::law:basis"]) {
		t.Errorf("%s: the basis names no article: %s", code, row["bind::law:basis"])
	}
	for _, party := range strings.Fields(row["bind::law:party"]) {
		if !slices.Contains([]string{"建", "总", "分", "用"}, party) {
			t.Errorf("%s: party %s", code, party)
		}
	}
	checkPenalty(t, code, row)
	checkFact(t, code, row["bind::law:fact"])
}

func checkPenalty(t *testing.T, code string, row map[string]string) {
	// Items 7 and 8 are duties without a penalty of their own.
	penalty := row["bind::law:penalty"]
	if (penalty == "") != (code == "C07" || code == "C08") {
		t.Errorf("%s: penalty %q", code, penalty)
	}
	if prior := strings.Contains(penalty, "逾期不改正"); prior != (row["bind::law:prior"] == "yes") {
		t.Errorf("%s: prior %q with the penalty %s", code, row["bind::law:prior"], penalty)
	}
}

func checkFact(t *testing.T, code, fact string) {
	bare := statute.FactSentence(fact, nil)
	full := statute.FactSentence(fact, map[string]string{"site": "甲工地", "workers": "9", "note": "见名单"})
	if strings.ContainsAny(bare+full, "[]{}") || !strings.HasSuffix(bare, "。") || full != "在甲工地"+strings.TrimSuffix(bare, "。")+"，涉及劳动者9名（见名单）。" {
		t.Errorf("%s reads %s, or %s", code, bare, full)
	}
}

func checkFollowUps(t *testing.T, rows map[string]map[string]string, code string) {
	for suffix, want := range map[string][2]string{
		"_note":    {"text", "breach"},
		"_workers": {"integer", "breach"},
		"_reason":  {"text", "unchecked"},
	} {
		row := rows[code+suffix]
		if row["type"] != want[0] || row["relevant"] != fmt.Sprintf("${%s} = '%s'", code, want[1]) {
			t.Errorf("%s%s: %v", code, suffix, row)
		}
	}
}

func TestChecklistPriorOrders(t *testing.T) {
	var got []string
	for _, row := range sheets(t, "../../assets/forms/checklist.md")["survey"] {
		if row["bind::law:prior"] == "yes" {
			got = append(got, row["name"])
		}
	}
	slices.Sort(got)
	const want = "C02 C03 C04 C05 C06 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C28 C36 C39 C40"
	if strings.Join(got, " ") != want {
		t.Errorf("prior orders: %v", got)
	}
}

func TestChecklistChoicesAndSettings(t *testing.T) {
	form := sheets(t, "../../assets/forms/checklist.md")
	choices := byName(form["choices"])
	for name, label := range map[string]string{"conform": "符合", "breach": "不符合", "na": "不适用", "unchecked": "未查"} {
		if choices[name]["list_name"] != "verdict" || choices[name]["label::中文 (zh)"] != label {
			t.Errorf("%s: %v", name, choices[name])
		}
	}
	if s := form["settings"][0]; s["form_id"] != "checklist" || s["version"] != "2026-01" || !strings.HasPrefix(s["namespaces"], "law=") {
		t.Errorf("settings %v", s)
	}
}

// Half-width punctuation between Chinese characters does not belong on an official paper.
func TestChecklistPunctuation(t *testing.T) {
	half := regexp.MustCompile(`\p{Han}[,;:?!()]|[,;:?!()]\p{Han}`)
	for _, row := range sheets(t, "../../assets/forms/checklist.md")["survey"] {
		for column, cell := range row {
			if found := half.FindString(cell); found != "" {
				t.Errorf("%s %s: %q", row["name"], column, found)
			}
		}
	}
}
