package day

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model/seal"
)

// Summary is DIR/summary.json.
type Summary struct {
	Steps     []StepDone         `json:"steps"`
	Documents []DocumentDone     `json:"documents"`
	Warnings  []casework.Warning `json:"warnings"`
	WageRoll  RollDone           `json:"wage_roll"`
	Sync      SyncDone           `json:"sync"`
	Verified  []office.Verified  `json:"verified"`
}

// StepDone is one step of the day.
type StepDone struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	MS   int64  `json:"ms"`
}

// DocumentDone is one printed paper.
type DocumentDone struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Number string `json:"number"`
	File   string `json:"file"` // below DIR
	Pages  int    `json:"pages"`
	SHA256 string `json:"sha256"`
}

// RollDone is the wage roll's sum.
type RollDone struct {
	Workers int    `json:"workers"`
	Fen     int64  `json:"fen"`
	Words   string `json:"words"`
}

// SyncDone is what passed between the laptops and the hub.
type SyncDone struct {
	Pushed    int   `json:"pushed"`
	Pulled    int   `json:"pulled"`
	Conflicts int   `json:"conflicts"`
	Blobs     int   `json:"blobs"`
	Bytes     int64 `json:"bytes"`
}

// files of the output folder.
const (
	officeDir    = "office"
	secondDir    = "second"
	hubDir       = "hub"
	documentsDir = "documents"
	summaryFile  = "summary.json"
	keysFile     = "keys.json"
)

// OfficeDir is the first laptop's data folder in a day's output.
func OfficeDir(out string) string { return filepath.Join(out, officeDir) }

// write keeps the summary after every step, whole or not at all.
func (s *Summary) write(dir string) error {
	raw, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("写出 %s: %w", summaryFile, err)
	}
	return seal.WriteFile(filepath.Join(dir, summaryFile), append(raw, '\n'))
}

// readSummary is what an earlier, cut-off run left; the zero summary when it
// left none.
func readSummary(dir string) (*Summary, error) {
	s := &Summary{Steps: []StepDone{}, Documents: []DocumentDone{}, Warnings: []casework.Warning{}, Verified: []office.Verified{}}
	raw, err := os.ReadFile(filepath.Join(dir, summaryFile))
	if os.IsNotExist(err) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("读取 %s: %w", summaryFile, err)
	}
	if err := json.Unmarshal(raw, s); err != nil {
		return nil, fmt.Errorf("“%s”已损坏，请清空输出文件夹后重来: %w", filepath.Join(dir, summaryFile), err)
	}
	return s, nil
}

// warn keeps warnings; one that an earlier, cut-off run kept already is not
// said twice.
func (s *Summary) warn(w ...casework.Warning) {
	for _, x := range w {
		if !slices.Contains(s.Warnings, x) {
			s.Warnings = append(s.Warnings, x)
		}
	}
}

func (s *Summary) reasons(where string, list []casework.Reason) {
	for _, r := range list {
		s.warn(casework.Warning{Where: where, Text: r.String()})
	}
}

// done tells whether a step is in the summary of an earlier run.
func (s *Summary) done(name string) bool {
	return slices.ContainsFunc(s.Steps, func(x StepDone) bool { return x.Name == name && x.OK })
}

// step keeps how a step ended, in the place of what an earlier run said of it.
func (s *Summary) step(x StepDone) {
	s.Steps = slices.DeleteFunc(s.Steps, func(old StepDone) bool { return old.Name == x.Name })
	s.Steps = append(s.Steps, x)
}
