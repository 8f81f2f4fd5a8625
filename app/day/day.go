// Package day works through one day in the field from a folder that holds what
// two officers did: registers and a wage roll as workbooks, a statement, photos
// and day.json. It calls the same use cases as the desktop, on a real data
// folder, with a real hub on loopback and a second laptop, and writes the
// printed papers and a summary.
//
// Every step looks first whether the journal shows it done. A day that was cut
// off anywhere goes on where it stopped: nothing saved is lost and no number
// is taken twice. With the same input the papers come out the same, byte for
// byte: clock, ids and device keys are given.
package day

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"anxin/app/casework"
	"anxin/assets"
	"anxin/model"
)

// Plan is day.json: what the officers did, and when.
type Plan struct {
	Date       model.Date `json:"date"`
	Agency     string     `json:"agency"`
	NumberWord string     `json:"number_word"`
	Government string     `json:"government"`
	Region     string     `json:"region"`
	Officers   []string   `json:"officers"`
	Source     string     `json:"source"`
	Inspection Visit      `json:"inspection"`
	Order      Order      `json:"order"`
	Interview  Interview  `json:"interview"`
	Photos     []string   `json:"photos"`
}

// Visit is the inspection of the day.
type Visit struct {
	Kind      string          `json:"kind"`
	Start     time.Time       `json:"start"`
	End       time.Time       `json:"end"`
	Site      string          `json:"site"`
	Contact   string          `json:"contact"`
	Checklist map[string]Item `json:"checklist"`
}

// Item is one verdict of the checklist; a bare string is a verdict alone.
type Item struct {
	Verdict string `json:"verdict"`
	Workers int    `json:"workers"`
	Note    string `json:"note"`
	Roster  string `json:"roster"`
}

// UnmarshalJSON reads both forms.
func (i *Item) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &i.Verdict)
	}
	type plain Item
	return json.Unmarshal(b, (*plain)(i))
}

// Order is the rectification order and how it was served.
type Order struct {
	Due    model.Date `json:"due"`
	Served struct {
		Mode     string    `json:"mode"`
		At       time.Time `json:"at"`
		Receiver string    `json:"receiver"`
		Refusal  string    `json:"refusal"`
		Evidence string    `json:"evidence"`
	} `json:"served"`
}

// Interview is the statement taken.
type Interview struct {
	Person string    `json:"person"`
	Role   string    `json:"role"`
	File   string    `json:"file"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
}

// registersFile is the workbook of the registers in a day's folder.
const registersFile = "registers.xlsx"

// verdicts translates what officers write into the form's choices.
var verdicts = map[string]string{"符合": casework.VerdictConform, "不符合": casework.VerdictBreach,
	"不适用": casework.VerdictNA, "未查": casework.VerdictUnchecked}

// SampleName stands for the day the program carries, where a folder is asked for.
const SampleName = "sample"

// Input is the folder of a day, or the one the program carries.
func Input(name string) (fs.FS, error) {
	if name == SampleName {
		return assets.Sample, nil
	}
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("找不到文件夹“%s”，请核对路径", name)
	}
	return os.DirFS(name), nil
}

// ReadPlan reads and checks day.json. The error names what is missing.
func ReadPlan(in fs.FS) (Plan, error) {
	var p Plan
	raw, err := fs.ReadFile(in, "day.json")
	if err != nil {
		return p, unread("day.json", err)
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, fmt.Errorf("day.json 不是有效的 JSON: %w", err)
	}
	for name, empty := range map[string]bool{"agency": p.Agency == "", "number_word": p.NumberWord == "", "officers": len(p.Officers) < 2,
		"inspection.site": p.Inspection.Site == "", "inspection.start": p.Inspection.Start.IsZero(), "order.due": p.Order.Due == "",
		"interview.file": p.Interview.File == ""} {
		if empty {
			return p, fmt.Errorf("day.json 缺少“%s”，请补上", name)
		}
	}
	for code, item := range p.Inspection.Checklist {
		if verdicts[item.Verdict] == "" {
			return p, fmt.Errorf("day.json 中 %s 的结论“%s”不在符合、不符合、不适用、未查之内", code, item.Verdict)
		}
	}
	for _, name := range append([]string{registersFile, p.Interview.File}, p.Photos...) {
		if _, err := fs.Stat(in, path.Clean(name)); err != nil {
			return p, unread(name, err)
		}
	}
	return p, nil
}

// unread words a file of the day's folder that is not there or cannot be read.
func unread(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("示例日的文件夹里没有“%s”，请核对路径或者补上文件", name)
	}
	return fmt.Errorf("读取示例日的“%s”: %w", name, err)
}

// roster is the wage roll the checklist refers to, "" when it has none.
func (p Plan) roster() string {
	for _, item := range p.Inspection.Checklist {
		if item.Roster != "" {
			return item.Roster
		}
	}
	return ""
}

// answers are the checklist's answers as the form keeps them.
func (p Plan) answers() map[string]any {
	out := map[string]any{}
	for code, item := range p.Inspection.Checklist {
		out[code] = verdicts[item.Verdict]
		if item.Note != "" {
			out[code+"_note"] = item.Note
		}
		if item.Workers > 0 {
			out[code+"_workers"] = int64(item.Workers)
		}
	}
	return out
}

// at is a time of the day, in the zone the officers wrote.
func (p Plan) at(hour, minute int) time.Time {
	d := p.Date.Time(p.Inspection.Start.Location())
	return d.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

func open(in fs.FS, name string) (io.ReadCloser, error) {
	f, err := in.Open(path.Clean(name))
	if err != nil {
		return nil, unread(name, err)
	}
	return f, nil
}
