package office

import (
	"slices"
	"strings"

	"anxin/app/casework"
	"anxin/model"
)

// fileGroup is a part of a file under one bookmark and the types that belong
// to it, in their order.
type fileGroup struct {
	name  string
	types []string
}

// groupEvidence is the group that holds what is no paper of ours.
const groupEvidence = "证据"

// fileGroups is the order of a file: decisions and their service first, then
// the proceedings from their opening to their end, the closing last.
var fileGroups = []fileGroup{
	{"处理、处罚决定", []string{"D13", "D13a", "D14", "D15"}},
	{"送达", []string{"D16", "D16a"}},
	{"立案", []string{"D05"}},
	{"投诉处理", []string{"D05a"}},
	{"检查审批、通知", []string{"D01", "D02"}},
	{"现场检查", []string{"D03"}},
	{"调查询问", []string{"D04", "D28", "D27b"}},
	{groupEvidence, []string{"D08c", "D08", "D08a", "D08b"}},
	{"责令改正", []string{"D06", "D27", "D27a"}},
	{"复查", []string{"D07"}},
	{"调查报告", []string{"D20", "D20a", "D26", "D26a", "D26b", "D18"}},
	{"法制审核", []string{"D12"}},
	{"告知、听证", []string{"D09", "D10", "D10a", "D10b"}},
	{"集体讨论", []string{"D11"}},
	{"执行", []string{"D23", "D23a", "D24", "D24a"}},
	{"公布、信用", []string{"D21", "D22", "D25", "D25a", "D25b"}},
	{"移送", []string{"D17a", "D17"}},
	{groupOther, nil},
	{"结案", []string{"D19a", "D19"}},
}

// groupOther takes the types no group names.
const groupOther = "其他文书"

// groupOf gives the place of a document type: its group and its place there.
func groupOf(docType string) (group, place int) {
	for g, x := range fileGroups {
		if i := slices.Index(x.types, docType); i >= 0 {
			return g, i
		}
	}
	return slices.IndexFunc(fileGroups, func(g fileGroup) bool { return g.name == groupOther }), 0
}

// inFileOrder gives the issued documents of a case in the order of its file;
// those of one type by the time they were issued. Drafts are left out.
func inFileOrder(list []casework.Kept[model.Document]) []casework.Kept[model.Document] {
	var out []casework.Kept[model.Document]
	for _, k := range list {
		if k.Value.Issued != nil {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b casework.Kept[model.Document]) int {
		ga, pa := groupOf(a.Value.Type)
		gb, pb := groupOf(b.Value.Type)
		switch {
		case ga != gb:
			return ga - gb
		case pa != pb:
			return pa - pb
		}
		if c := a.Value.Issued.At.Compare(b.Value.Issued.At); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return out
}
