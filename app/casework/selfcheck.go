package casework

import (
	"context"

	"anxin/model"
	"anxin/model/statute"
)

// CheckItem is one line of the self-check of a file.
type CheckItem struct {
	Key      string `json:"key"`
	Item     string `json:"item"`
	OK       bool   `json:"ok"`
	Reason   string `json:"reason,omitempty"`
	Article  string `json:"article"`
	KnockOut string `json:"knock_out,omitempty"` // the ground on which a review gives no points
	Warn     bool   `json:"warn,omitempty"`      // it would not stop an act
}

// SelfCheck goes through a file as a reviewer would: every gate the law sets
// for all files, and those of each act that was done in this one. The checks
// are the same functions that open and close the steps.
func SelfCheck(f *File) []CheckItem {
	asked := f.asked()
	var out []CheckItem
	for _, g := range f.Law.Gates() {
		if !g.Always && !asked[g.Key] {
			continue
		}
		out = append(out, f.checkItem(g))
	}
	return out
}

func (f *File) checkItem(g statute.Gate) CheckItem {
	item := CheckItem{Key: g.Key, Item: g.Title, OK: true, Article: g.Article, KnockOut: g.KnockOut, Warn: !g.Blocks}
	var where []string
	for _, detail := range f.failing(g.Key) {
		item.OK = false
		if detail != "" {
			where = append(where, detail)
		}
	}
	if !item.OK {
		item.Reason = g.Text
		if len(where) > 0 {
			item.Reason = chineseList(where) + "：" + g.Text
		}
	}
	return item
}

// asked are the gates of the papers issued and the steps taken in the file.
func (f *File) asked() map[string]bool {
	out := map[string]bool{}
	add := func(keys []string) {
		for _, k := range keys {
			out[k] = true
		}
	}
	for _, k := range f.Documents {
		if k.Value.Issued == nil || k.Value.State == model.DocumentWithdrawn {
			continue
		}
		if row, err := f.Law.Catalogue(k.Value.Issued.At, f.region()).Get(k.Value.Type); err == nil {
			add(row.Gates)
		}
	}
	for _, t := range f.Case.Log {
		if row, ok := f.Law.Transition(statute.OfCase, t.From, t.To, t.At, f.region()); ok {
			add(row.Gates)
		}
	}
	return out
}

// SelfCheck checks the file of a case as it stands.
func (d *Desk) SelfCheck(ctx context.Context, id model.ID) ([]CheckItem, error) {
	f, err := d.File(ctx, id)
	if err != nil {
		return nil, err
	}
	return SelfCheck(f), nil
}
