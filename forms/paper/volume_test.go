package paper

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
)

func TestBind(t *testing.T) {
	p := newPress(t)
	order, record := mustPrint(t, orderJob(28)), mustPrint(t, interviewJob(nil))
	parts := []Part{
		{Title: "封面", PDF: mustPrint(t, receiptJob()).PDF}, {Group: "责令改正", Title: "指令书", PDF: order.PDF, Numbered: true},
		{Group: "询问", Title: "笔录甲", PDF: record.PDF, Numbered: true}, {Group: "询问", Title: "笔录乙", PDF: record.PDF, Numbered: true},
	}
	pdf, err := p.Bind(parts)
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Bind(parts)
	if err != nil || !bytes.Equal(again, pdf) {
		t.Errorf("the same parts gave other bytes, %v", err)
	}
	want := 1 + order.Pages + 2*record.Pages
	if n, err := CountPages(pdf); err != nil || n != want {
		t.Fatalf("%d pages, want %d, %v", n, want, err)
	}
	if out := tool(t, pdf, "qpdf", "--check", "FILE"); strings.Contains(strings.ToUpper(out), "WARNING") {
		t.Error(out)
	}
	if err := api.Validate(bytes.NewReader(pdf), conf()); err != nil {
		t.Error(err)
	}
	for page := 2; page <= want; page++ { // the cover is not numbered
		text := tool(t, pdf, "pdftotext", "-layout", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), "FILE", "-")
		last := strings.Fields(text)
		number := fmt.Sprint(page - 1)
		if foot := last[max(0, len(last)-4):]; !slices.Contains(foot, number) { // beside 第 1 页 共 2 页
			t.Errorf("page %d ends with %q, want the number %s", page, foot, number)
		}
	}
	outline := tool(t, pdf, "mutool", "show", "FILE", "outline")
	for _, title := range []string{"封面", "责令改正", "指令书", "询问", "笔录甲", "笔录乙"} {
		if strings.Count(outline, title) != 1 {
			t.Errorf("%q is not once among the bookmarks:\n%s", title, outline)
		}
	}
	for _, file := range rasterised(t, pdf, "100", "2") {
		if m, err := SeePage(grayFile(t, file)); err != nil || m.Page != 1 {
			t.Errorf("the mark of a bound page: %v, %v", m.PageMark, err)
		}
	}
}

func TestBindRefuses(t *testing.T) {
	p := newPress(t)
	if _, err := p.Bind(nil); err == nil {
		t.Error("nothing was bound")
	}
	_, err := p.Bind([]Part{{Title: "坏件", PDF: []byte("%PDF-1.7 broken")}})
	if !errors.Is(err, ErrUnbindable) || !strings.Contains(err.Error(), "坏件") {
		t.Errorf("error %v", err)
	}
}
