package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"anxin/app/office"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
)

// bureau is a hub that runs, and its laptops' codes.
type bureau struct {
	t   *testing.T
	hub *hub.Hub
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	h, err := hub.Open(context.Background(), t.TempDir(), hub.Options{Clock: machineClock{}, IDs: &modeltest.IDs{Laptop: 9}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", h.TLS())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetURL(context.Background(), "https://"+l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h.Handler(), TLSConfig: h.TLS(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with ErrServerClosed
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), h.Close()); err != nil {
			t.Error(err)
		}
	})
	return &bureau{t, h}
}

func (b *bureau) code(name string) string {
	b.t.Helper()
	code, err := b.hub.NewCode(context.Background(), name)
	if err != nil {
		b.t.Fatal(err)
	}
	return code
}

// machineClock is the time the laptops of these tests live in.
type machineClock struct{}

func (machineClock) Now() time.Time { return now() }

// workbook is a register of one employer with a phone.
func workbook(t *testing.T, phone string) string {
	t.Helper()
	x := excelize.NewFile()
	const sheet = "用人单位"
	path := filepath.Join(t.TempDir(), "名册.xlsx")
	err := errors.Join(x.SetSheetName("Sheet1", sheet), x.SetSheetRow(sheet, "A1", &[]any{"单位名称", "联系电话"}),
		x.SetSheetRow(sheet, "A2", &[]any{"青溪县甲木器厂", phone}), x.SaveAs(path), x.Close())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

const testPassphrase = "一个口令 12345"

// firstLaptop is an office in a folder of its own, cheap to open.
func firstLaptop(t *testing.T) string {
	t.Helper()
	t.Setenv(passphraseVariable, testPassphrase)
	dir := filepath.Join(t.TempDir(), "甲")
	officer := func(name, no string) model.Officer {
		return model.Officer{Name: name, CertNo: no, ValidFrom: "2024-01-01", ValidTo: "2099-12-31", Role: model.RoleInspector}
	}
	o, err := office.Create(context.Background(), office.Options{Dir: dir, Params: modeltest.FastParams()}, office.SetUp{Passphrase: testPassphrase,
		Officers: []model.Officer{officer("林晓", "1807040000011"), officer("何静", "1807040000012")},
		Office:   model.Office{Name: "青溪县人力资源和社会保障局", Word: "青人社"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestANewLaptopJoinsByItsCode(t *testing.T) {
	b := newBureau(t)
	one, two := firstLaptop(t), filepath.Join(t.TempDir(), "乙")
	refused(t, "运行 anxinctl enrol", "--data", one, "sync")
	refused(t, "运行 anxinctl enrol", "--data", one, "sync", "usb-out", filepath.Join(t.TempDir(), "u"))
	must(t, []string{"已接入中心"}, "--data", one, "enrol", b.code("甲机"))
	must(t, []string{"上传 "}, "--data", one, "sync")
	code := b.code("乙机")
	refused(t, "--officer", "--data", two, "enrol", code)
	refused(t, "局里有 0 名执法人员是“无名”", "--data", two, "enrol", code, "--officer", "无名")
	must(t, []string{"已接入中心，由1807040000012使用"}, "--data", two, "enrol", code, "--officer", "1807040000012")
	must(t, []string{"林晓", "何静", "共 2 条"}, "--data", two, "list", "执法人员")
}

// twoLaptops are enrolled at one hub and know one employer without a phone.
func twoLaptops(t *testing.T) (one, two string) {
	t.Helper()
	b := newBureau(t)
	one, two = firstLaptop(t), filepath.Join(t.TempDir(), "乙")
	must(t, nil, "--data", one, "enrol", b.code("甲机"))
	must(t, nil, "--data", one, "import", "registers", workbook(t, ""))
	must(t, nil, "--data", one, "sync")
	code := b.code("乙机")
	o, err := office.Join(context.Background(), office.Options{Dir: two, Params: modeltest.FastParams()}, testPassphrase, code)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	must(t, nil, "--data", two, "enrol", code, "--officer", "何静")
	return one, two
}

func TestTwoLaptopsDisagreeAndSettle(t *testing.T) {
	one, two := twoLaptops(t)
	must(t, []string{"青溪县甲木器厂"}, "--data", two, "list", "用人单位")

	must(t, nil, "--data", one, "import", "registers", workbook(t, "0736-1111111"))
	must(t, nil, "--data", two, "import", "registers", workbook(t, "0736-2222222"))
	must(t, nil, "--data", one, "sync")
	must(t, []string{"冲突 1", "sync conflicts"}, "--data", two, "sync")
	must(t, []string{"冲突 1 处"}, "--data", two, "today")
	list := must(t, []string{"青溪县甲木器厂", "联系电话（phone）", "本机 “0736-2222222”，对方 “0736-1111111”"}, "--data", two, "sync", "conflicts")
	id := regexp.MustCompile(`[0-9a-f-]{36}`).FindString(list)
	refused(t, "可用：联系电话", "--data", two, "sync", "settle", id, "--theirs", "颜色")
	refused(t, "没有冲突", "--data", two, "sync", "settle", none)
	must(t, []string{"已了结 青溪县甲木器厂的冲突"}, "--data", two, "sync", "settle", id, "--theirs", "联系电话")
	must(t, []string{"冲突 0 处"}, "--data", two, "sync", "conflicts")
	must(t, nil, "--data", two, "sync")
	must(t, nil, "--data", one, "sync")
	must(t, []string{"冲突 0 处"}, "--data", one, "sync", "conflicts")
	for _, dir := range []string{one, two} {
		if out := must(t, nil, "--data", dir, "list", "employer", "--json"); !strings.Contains(out, "0736-1111111") || strings.Contains(out, "0736-2222222") {
			t.Errorf("%s did not take the other's phone over", dir)
		}
	}
}

// What only the other laptop changed is kept by who settles with his own.
func TestSettlingLosesNothing(t *testing.T) {
	one, two := twoLaptops(t)
	must(t, nil, "--data", one, "office", "set", "联系电话=0736-1111111")
	must(t, nil, "--data", two, "office", "set", "联系电话=0736-2222222", "邮编=415700")
	for _, dir := range []string{one, two, one} {
		must(t, nil, "--data", dir, "sync")
	}
	id := regexp.MustCompile(`[0-9a-f-]{36}`).FindString(must(t, []string{"冲突 1 处"}, "--data", one, "sync", "conflicts"))
	must(t, []string{"已了结"}, "--data", one, "sync", "settle", id)
	for _, dir := range []string{one, two} {
		must(t, []string{"冲突 0"}, "--data", dir, "sync")
		must(t, []string{"0736-1111111", "415700"}, "--data", dir, "office", "show")
	}
}

func TestAFieldOfAConflictByEitherName(t *testing.T) {
	c := model.Conflict{Kind: model.KindEmployer, Fields: []string{"phone", "name"}}
	for _, text := range []string{"phone", "联系电话"} {
		got, err := conflictFields(c, []string{text})
		if err != nil || len(got) != 1 || got[0] != "phone" {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	if got, err := conflictFields(c, []string{"uscc"}); err == nil {
		t.Errorf("a field that is in no conflict was taken: %v", got)
	}
}
