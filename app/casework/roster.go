package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

var rosterColumns = []column{
	{"no", []string{"序号"}, false},
	{"name", []string{"姓名", "工人姓名"}, true},
	{"id_no", []string{"身份证号码", "身份证号", "证件号码"}, true},
	{"trade", []string{"工种", "班组", "班组/工种"}, false},
	{"from", []string{"欠薪起", "欠薪起始"}, false},
	{"to", []string{"欠薪止", "欠薪截止"}, false},
	{"payable", []string{"应发(元)", "应发", "应发工资"}, false},
	{"paid", []string{"已发(元)", "已发", "已发工资"}, false},
	{"owed", []string{"欠发(元)", "欠发", "欠发工资", "拖欠金额"}, true},
	{"card4", []string{"收款账户末四位", "账户末四位"}, false},
	{"note", []string{"备注"}, false},
}

// roster is one reading of a wage roll.
type roster struct {
	report Report
	roll   model.WageRoll
	byID   map[string]int // identity number → row of its first use
	total  string         // the foot's own sum, if it has one
	foot   row
}

// ImportRoster reads the wage roll a subcontractor filled in, keeps the file
// itself as evidence of the case, and saves the roll, in one act. Title rows, blank rows
// and the total row are no workers; amounts may be text or formulas; every odd
// thing is kept and named in the report.
func (d *Desk) ImportRoster(ctx context.Context, caseID model.ID, name string, r io.Reader) (model.ID, Report, error) {
	c, _, err := load[model.Case](ctx, d, caseID)
	if err != nil {
		return "", Report{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxWorkbookBytes+1))
	if err != nil {
		return "", Report{}, fmt.Errorf("读取“%s”: %w", filepath.Base(name), err)
	}
	roll, report, err := readRoster(name, raw)
	if err != nil {
		return "", Report{}, err
	}
	roll.Case, roll.Site, roll.Employer = caseID, c.Site, c.Employer
	e, err := d.keep(ctx, EvidenceIn{Case: caseID, Name: name, Category: "书证", Supports: []string{wageItem}}, bytes.NewReader(raw))
	if err != nil {
		return "", Report{}, err
	}
	id, err := d.commit(ctx, model.Change{ID: d.IDs.NewID(), Record: &roll}, model.Change{ID: d.IDs.NewID(), Record: e})
	if err != nil {
		return "", Report{}, fmt.Errorf("保存工资表: %w", err)
	}
	report.Added = len(roll.Workers)
	return id, report, nil
}

// readRoster reads the first sheet that has a roll's header.
func readRoster(name string, raw []byte) (model.WageRoll, Report, error) {
	book, err := openWorkbook(name, bytes.NewReader(raw))
	if err != nil {
		return model.WageRoll{}, Report{}, err
	}
	defer book.Close()
	var first error
	for _, s := range book.file.GetSheetList() {
		t, err := book.table(s, rosterColumns)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		in := &roster{byID: map[string]int{}}
		sum := sha256.Sum256(raw)
		in.roll.File, in.roll.SHA256 = book.name, hex.EncodeToString(sum[:])
		in.roll.Maker = maker(book, s, t)
		for _, r := range t.rows {
			in.take(r)
		}
		in.check()
		if len(in.roll.Workers) == 0 {
			return model.WageRoll{}, Report{}, fmt.Errorf("“%s”的工作表“%s”表头下没有工人，请核对后再导入", book.name, s)
		}
		return in.roll, in.report, nil
	}
	return model.WageRoll{}, Report{}, first
}

// maker reads who made the roll from the title rows above the header.
func maker(book *workbook, sheet string, t *sheet) string {
	cells, err := book.cells(sheet)
	if err != nil {
		return ""
	}
	for _, r := range cells {
		for _, c := range r {
			c = strings.NewReplacer("：", ":").Replace(c)
			if _, after, ok := strings.Cut(c, "制表:"); ok {
				who, _, _ := strings.Cut(strings.TrimSpace(after), " ")
				return strings.TrimSpace(who)
			}
		}
		if matches(r, rosterColumns) >= 2 {
			break
		}
	}
	return ""
}

// take reads one row: a worker, or the total row.
func (in *roster) take(r row) {
	if isTotal(r.text("no")) || isTotal(r.text("name")) {
		in.foot, in.total = r, r.text("owed")
		return
	}
	w := model.Worker{Name: r.text("name"), Trade: r.text("trade"), Note: r.text("note"), Card4: r.text("card4"), Row: r.n}
	if w.Name == "" {
		in.report.warn(r.where("name"), "没有姓名，这一行没有导入")
		return
	}
	in.identity(&w, r)
	w.From, w.To = in.month(r, "from"), in.month(r, "to")
	w.PayableFen = in.amount(r, "payable")
	w.PaidFen = in.amount(r, "paid")
	w.OwedFen = in.amount(r, "owed")
	if w.PayableFen-w.PaidFen != w.OwedFen && r.text("payable") != "" {
		in.report.warn(r.where("owed"), "欠发 %s 不等于应发减已发 %s，按欠发列保存，请核对",
			statute.Fen(w.OwedFen), statute.Fen(w.PayableFen-w.PaidFen))
	}
	in.roll.Workers = append(in.roll.Workers, w)
}

func isTotal(s string) bool {
	s = squash(s)
	return strings.HasPrefix(s, "合计") || strings.HasPrefix(s, "总计") || strings.HasPrefix(s, "小计")
}

// identity checks the number; it warns and keeps.
func (in *roster) identity(w *model.Worker, r row) {
	id := statute.CheckID(r.text("id_no"))
	w.IDNo = id.Normal
	where := r.where("id_no")
	if w.IDNo == "" {
		in.report.warn(where, "%s没有身份证号码，请补填", w.Name)
		return
	}
	if !id.OK {
		in.report.warn(where, "%s，已照原样保存，请核对", strings.TrimRight(id.Reason, "。"))
	}
	if first, ok := in.byID[w.IDNo]; ok {
		in.report.warn(where, "身份证号码与第%d行的%s相同，两人都已保存，请核对", first, in.nameAt(first))
	} else {
		in.byID[w.IDNo] = r.n
	}
	if month, ok := readMonth(r.text("from")); ok && !id.Birth.IsZero() {
		began, err := time.Parse("2006-01", month)
		if err == nil && statute.AgeAt(id.Birth, began) < 16 {
			in.report.warn(where, "%s于%s出生，做工时不满16周岁，涉嫌使用童工，已作为检查发现列入（%s）", w.Name,
				model.DateOf(id.Birth).Chinese(), "《禁止使用童工规定》第二条")
		}
	}
}

func (in *roster) nameAt(row int) string {
	for _, w := range in.roll.Workers {
		if w.Row == row {
			return w.Name
		}
	}
	return ""
}

func (in *roster) month(r row, column string) string {
	text := r.text(column)
	if text == "" {
		return ""
	}
	m, ok := readMonth(text)
	if !ok {
		in.report.warn(r.where(column), "“%s”不是月份，没有采用；请写成 2026-06", text)
	}
	return m
}

func (in *roster) amount(r row, column string) int64 {
	text := r.text(column)
	if text == "" {
		return 0
	}
	fen, err := statute.ParseFen(text)
	if err != nil {
		in.report.warn(r.where(column), "%v", err)
	}
	return int64(fen)
}

// check compares the roll with its own foot.
func (in *roster) check() {
	if in.total == "" {
		return
	}
	fen, err := statute.ParseFen(in.total)
	if err != nil || int64(fen) != in.roll.TotalFen() {
		in.report.warn(in.foot.where("owed"), "表尾合计 %s 与逐行相加的 %s 不同，以逐行相加为准，请核对公式范围", in.total, statute.Fen(in.roll.TotalFen()))
	}
}

// Minors are the workers younger than 16 in the first month they are owed for.
func Minors(roll *model.WageRoll) (out []model.Worker) {
	for _, w := range roll.Workers {
		began, err := time.Parse("2006-01", w.From)
		birth := statute.CheckID(w.IDNo).Birth
		if err == nil && !birth.IsZero() && statute.AgeAt(birth, began) < 16 {
			out = append(out, w)
		}
	}
	return out
}
