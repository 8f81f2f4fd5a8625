package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"anxin/app/day"
	"anxin/app/office"
	"anxin/assets"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/wire"
)

// ctl runs the program in this process.
func ctl(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, "", &o, &e)
	return code, o.String(), e.String()
}

// must runs the program, which has to succeed in silence on standard error,
// and hold what is wanted on standard output.
func must(t *testing.T, want []string, args ...string) string {
	t.Helper()
	code, out, errs := ctl(args...)
	if code != 0 || errs != "" {
		t.Fatalf("%q: exit %d, %s", args, code, errs)
	}
	for _, w := range want {
		if !strings.Contains(out, w) {
			t.Errorf("%q printed no %q:\n%s", args, w, out)
		}
	}
	return out
}

// refused runs the program, which has to fail with one Chinese sentence on
// standard error that holds what is wanted.
func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	code, _, errs := ctl(args...)
	if code == 0 {
		t.Errorf("%q: exit 0", args)
	}
	if strings.Count(errs, "\n") != 1 || !strings.HasSuffix(errs, "\n") {
		t.Errorf("%q said not one line:\n%q", args, errs)
	}
	if !strings.Contains(errs, want) || !strings.ContainsFunc(errs, isHan) {
		t.Errorf("%q: %q lacks %q", args, errs, want)
	}
	for _, raw := range []string{"goroutine", "panic", "no such file", ".go:", "%!", "<nil>"} {
		if strings.Contains(errs, raw) {
			t.Errorf("%q lets out the machine's own words: %q", args, errs)
		}
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// carried writes a file of the day the program carries into a folder.
func carried(t *testing.T, name string) string {
	t.Helper()
	raw, err := fs.ReadFile(assets.Sample, name)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, filepath.Base(name), raw)
}

func file(t *testing.T, name string, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestANewOfficeFromTheTerminal(t *testing.T) {
	t.Setenv("ANXIN_PASSPHRASE", "一个口令 12345")
	dir := filepath.Join(t.TempDir(), "数据 文件夹")
	create := []string{"--data", dir, "init", "--name", "青溪县人力资源和社会保障局", "--word", "青人社",
		"--officer", "林晓,1807040000011,2024-01-01,2030-12-31", "--officer", "何静,1807040000012,2024-01-01,2030-12-31", "--region", "湖南", "--postcode", "415700"}
	must(t, []string{"新建青溪县人力资源和社会保障局"}, create...)
	must(t, []string{"415700"}, "--data", dir, "list", "本单位", "--json")
	refused(t, "已经有数据", create...)
	must(t, []string{"共 2 条"}, "--data", dir, "list", "officer")
	must(t, []string{`"cert_no": "1807040000012"`, `"valid_to": "2030-12-31"`}, "--data", dir, "list", "officer", "--json", "--text", "何静")
	must(t, []string{"新增 ", "提示 "}, "--data", dir, "import", "registers", carried(t, "registers.xlsx"))
	must(t, []string{"新增 0"}, "--data", dir, "import", "registers", carried(t, "registers.xlsx"))
	must(t, []string{"剩 100", "本机自编", "令/"}, "--data", dir, "numbers")
	must(t, []string{"问题 0"}, "--data", dir, "store", "verify")
	refused(t, "入网码", "--data", dir, "sync")
	refused(t, "密钥", "verify", "--keys", filepath.Join(dir, "none.json"), carried(t, "photos/送达.jpg"))
	refused(t, "二维码", "--data", dir, "verify", carried(t, "photos/送达.jpg"))
	t.Setenv("ANXIN_PASSPHRASE", "另一个口令")
	refused(t, "口令不正确", "--data", dir, "list", "officer")
	t.Setenv("ANXIN_PASSPHRASE", "")
	refused(t, "ANXIN_PASSPHRASE", "--data", dir, "list", "officer")
}

// errEnough ends the day before its pictures are made.
var errEnough = errors.New("enough")

// worked is the output folder of the carried day, up to its evening.
func worked(t *testing.T) (string, *day.Summary) {
	t.Helper()
	out := t.TempDir()
	sum, err := day.Run(context.Background(), day.Options{In: assets.Sample, Out: out, Params: modeltest.FastParams(),
		After: func(step string, _ *office.Office) error {
			if step == "第二台电脑下载" {
				return errEnough
			}
			return nil
		}})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	t.Setenv("ANXIN_PASSPHRASE", day.Passphrase)
	return out, sum
}

func TestReadingAWorkedDay(t *testing.T) {
	out, sum := worked(t)
	data := day.OfficeDir(out)
	order := sum.Documents[4]
	if order.Type != "D06" {
		t.Fatalf("the fifth paper is %s", order.Type)
	}
	var rows []struct {
		ID     model.ID `json:"id"`
		Number string   `json:"number"`
		Amount int64    `json:"amount_fen"`
	}
	if err := json.Unmarshal([]byte(must(t, nil, "--data", data, "list", "document", "--json")), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(sum.Documents) {
		t.Errorf("%d documents are listed, %d were issued", len(rows), len(sum.Documents))
	}
	must(t, []string{"共 1 条", order.ID}, "--data", data, "list", "document", "--text", order.Number)
	var revisions []model.Revision
	if err := json.Unmarshal([]byte(must(t, nil, "--data", data, "show", order.ID)), &revisions); err != nil || len(revisions) != 3 {
		t.Errorf("a drafted, issued and served order has %d revisions: %v", len(revisions), err)
	}
	must(t, []string{"到期复查整改情况", "送达文书"}, "--data", data, "today")
	must(t, []string{"劳监令/2026", "下一号 3"}, "--data", data, "numbers")
	must(t, []string{"问题 0"}, "--data", data, "store", "verify")
	must(t, nil, "--data", data, "store", "rebuild")
	must(t, []string{`"Records"`}, "--data", data, "store", "stats", "--json")
	must(t, []string{"记录 ", "冲突 0 处"}, "--data", data, "store", "stats")

	pdf := filepath.Join(t.TempDir(), "指令书.pdf")
	must(t, []string{"→"}, "--data", data, "print", order.ID, "--out", pdf)
	keys := filepath.Join(out, "keys.json")
	must(t, []string{"有效 (valid)", order.Number, "金额"}, "verify", "--keys", keys, pdf)
	handed := filepath.Join(t.TempDir(), "送达联.pdf")
	must(t, []string{"送达联 →"}, "--data", data, "print", order.ID, "--copy", "送达联", "--out", handed)
	must(t, []string{"有效 (valid)", "逐字节相同"}, "verify", "--keys", keys, handed)
	refused(t, "一次只写一联", "--data", data, "print", order.ID, "--copy", "各联", "--out", handed)
	checkTokens(t, out, order, keys)

	kase := listed(t, data, "case")
	must(t, []string{"新增 12", "12 名劳动者", "人民币贰拾万叁仟壹佰元整"}, "--data", data, "import", "roster", "--case", kase, carried(t, "roster.xlsx"))
	must(t, []string{"告示牌.jpg", "字节", "\nSM3 "}, "--data", data, "evidence", "--sm3", "--case", kase, carried(t, "photos/告示牌.jpg"))
	must(t, []string{"与已经收进本案的“告示牌.jpg”内容相同，没有再存一份"}, "--data", data, "evidence", "--case", kase, carried(t, "photos/告示牌.jpg"))
	must(t, []string{"人员 "}, "--data", data, "case", "custody", listed(t, data, "evidence"))
	if list := must(t, nil, "--data", data, "list", "office"); !strings.Contains(list, "人力资源和社会保障局") {
		t.Errorf("an office has no name in the list: %s", list)
	}
}

// checkTokens verifies the order's token, and the same with a character more.
func checkTokens(t *testing.T, out string, order day.DocumentDone, keys string) {
	t.Helper()
	o, err := office.Open(context.Background(), office.Options{Dir: day.OfficeDir(out)}, day.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	h, err := o.Store.Head(context.Background(), model.ID(order.ID))
	if err := errors.Join(err, o.Close()); err != nil {
		t.Fatal(err)
	}
	d, err := model.As[model.Document](h.Body)
	if err != nil {
		t.Fatal(err)
	}
	must(t, []string{"有效 (valid)"}, "verify", "--keys", keys, d.Issued.Token)
	code, said, errs := ctl("verify", "--keys", keys, "--json", d.Issued.Token+"0")
	var v office.Verified
	if err := json.Unmarshal([]byte(said), &v); err != nil || code == 0 || errs != "" || v.Valid || v.Reason == "" {
		t.Errorf("a longer token: exit %d, %s%s", code, said, errs)
	}
}

// listed is the id of the first record of a kind.
func listed(t *testing.T, data, kind string) string {
	t.Helper()
	id, _, _ := strings.Cut(must(t, nil, "--data", data, "list", kind), " ")
	return id
}

// slip is a command that cannot be done and what must be said of it.
type slip struct {
	name, want string
	args       []string
}

func TestBadInputGetsOneSentence(t *testing.T) {
	out, sum := worked(t)
	data, doc := day.OfficeDir(out), sum.Documents[0].ID
	kase := listed(t, data, "case")
	for _, c := range append(commandLineSlips(t.TempDir()), append(recordSlips(t, data, kase, doc), paperSlips(t, out, doc, kase)...)...) {
		t.Run(c.name, func(t *testing.T) { refused(t, c.want, c.args...) })
	}
}

// none is the id of nothing.
const none = "0197a1f0-0000-7000-8000-00000000ffff"

func commandLineSlips(empty string) []slip {
	return []slip{
		{"no command", "需要一个命令", nil},
		{"unknown command", "不认识的参数", []string{"fly"}},
		{"unknown flag", "不认识的选项", []string{"today", "--fast"}},
		{"missing flags", "缺少选项", []string{"init"}},
		{"missing argument", "缺少“记录编号”，应写成：anxinctl show <记录编号> [选项]", []string{"show"}},
		{"missing arguments with an example", "缺少“项目=内容”，应写成：anxinctl office set <项目=内容> … [选项]，例如：anxinctl office set 机关地址=漳江街道1号 邮编=415700", []string{"office", "set"}},
		{"the help of the command", "用 anxinctl case open --help", []string{"case", "open"}},
		{"not a number", "--limit 的内容", []string{"list", "site", "--limit", "many"}},
		{"no data folder", "还没有数据", []string{"--data", empty, "today"}},
		{"no officer's name", "姓名", []string{"--data", empty, "init", "--name", "局", "--word", "字", "--officer", ",1", "--officer", "乙,2"}},
		{"an officer's date", "2026-01-31", []string{"--data", empty, "init", "--name", "局", "--word", "字", "--officer", "甲,1,2026-13-01", "--officer", "乙,2"}},
		{"no office's name", "单位名称", []string{"--data", empty, "init", "--name", "", "--word", "字", "--officer", "甲,1", "--officer", "乙,2"}},
	}
}

func recordSlips(t *testing.T, data, kase, doc string) []slip {
	empty, roster := t.TempDir(), carried(t, "roster.xlsx")
	renamed := file(t, "名册.xlsx", append([]byte{0xD0, 0xCF, 0x11, 0xE0}, make([]byte, 600)...))
	return []slip{
		{"registers: no file", "找不到文件", []string{"--data", data, "import", "registers", "none.xlsx"}},
		{"registers: a folder", "是文件夹", []string{"--data", data, "import", "registers", empty}},
		{"registers: renamed .doc", "另存为 .xlsx", []string{"--data", data, "import", "registers", renamed}},
		{"registers: a roster", "没有可导入的工作表", []string{"--data", data, "import", "registers", roster}},
		{"roster: unknown columns", "没有找到表头", []string{"--data", data, "import", "roster", "--case", kase, carried(t, "registers.xlsx")}},
		{"roster: bad id", "不是有效的记录编号", []string{"--data", data, "import", "roster", "--case", "7", roster}},
		{"roster: no such case", "没有找到", []string{"--data", data, "import", "roster", "--case", none, roster}},
		{"roster: id of something else", "不是案件", []string{"--data", data, "import", "roster", "--case", doc, roster}},
		{"list: kinds in words", "用人单位 employer", []string{"--data", data, "list", "horse"}},
		{"list: unknown kind", "没有名为“horse”的种类", []string{"--data", data, "list", "horse"}},
		{"show: bad id", "不是有效的记录编号", []string{"--data", data, "show", "x"}},
		{"show: unknown id", "没有找到", []string{"--data", data, "show", none}},
		{"evidence: no file", "找不到文件", []string{"--data", data, "evidence", "--case", kase, "none.jpg"}},
		{"evidence: one of two files", "找不到文件", []string{"--data", data, "evidence", "--case", kase, roster, "none.jpg"}},
		{"evidence: no such category", "没有“乱写”这种证据", []string{"--data", data, "evidence", "--case", kase, "--category", "乱写", roster}},
		{"evidence: bad id", "不是有效的记录编号", []string{"--data", data, "evidence", "--case", "x", roster}},
		{"evidence: no such case", "没有找到", []string{"--data", data, "evidence", "--case", none, roster}},
	}
}

func paperSlips(t *testing.T, out, doc, kase string) []slip {
	data, empty, roster := day.OfficeDir(out), t.TempDir(), carried(t, "roster.xlsx")
	return []slip{
		{"issue: bad id", "不是有效的记录编号", []string{"--data", data, "issue", "x"}},
		{"issue: unknown id", "没有找到", []string{"--data", data, "issue", none}},
		{"issue: issued already", "不能再签发", []string{"--data", data, "issue", doc}},
		{"print: unknown id", "没有找到", []string{"--data", data, "print", none, "--out", filepath.Join(empty, "a.pdf")}},
		{"print: no paper", "不是已签发的文书", []string{"--data", data, "print", kase, "--out", filepath.Join(empty, "a.pdf")}},
		{"print: no such folder", "找不到文件夹", []string{"--data", data, "print", doc, "--out", filepath.Join(empty, "none", "a.pdf")}},
		{"numbers: a word of no paper", "没有文书用“某某”这个文种", []string{"--data", data, "numbers", "--add", "某某/2026", "--from", "1", "--to", "3"}},
		{"print: no such copy", "没有“绿联”", []string{"--data", data, "print", doc, "--copy", "绿联", "--out", filepath.Join(empty, "a.pdf")}},
		{"numbers: no range", "请核对起止号", []string{"--data", data, "numbers", "--add", "劳监令/2026"}},
		{"numbers: no series", "请写成 劳监令/2026", []string{"--data", data, "numbers", "--add", "令", "--from", "1", "--to", "3"}},
		{"file: no such folder", "找不到文件夹", []string{"--data", data, "file", "build", "--out", filepath.Join(empty, "none", "a.pdf"), kase}},
		{"keys: no such folder", "找不到文件夹", []string{"--data", data, "keys", "write", "--out", filepath.Join(empty, "none", "k.json")}},
		{"backup: no such folder", "找不到文件夹", []string{"--data", data, "store", "backup", filepath.Join(empty, "none", "b")}},
		{"backup: there already", "已经存在", []string{"--data", data, "store", "backup", roster}},
		{"usb: no file", "找不到文件", []string{"--data", data, "sync", "usb-in", filepath.Join(empty, "none")}},
		{"recovery: neither", "--public 或 --make", []string{"--data", data, "store", "recovery"}},
		{"keys: no such algorithm", "只能是", []string{"--data", data, "keys", "use", "rsa"}},
		{"templates: a file", "是一个文件", []string{"papers", "check", roster}},
		{"numbers: taken already", "重叠", []string{"--data", data, "numbers", "--add", "劳监令/2026", "--from", "1", "--to", "3"}},
		{"enrol: garbage", "入网码", []string{"--data", data, "enrol", "https://example"}},
		{"enrol: nobody there", "连不上", []string{"--data", data, "enrol", codeOfNobody(t)}},
		{"sync: nobody there", "连不上", []string{"--data", data, "sync"}},
		{"verify: neither token nor file", "也不是文书的令牌", []string{"verify", "--keys", filepath.Join(out, "keys.json"), "hello"}},
		{"verify: nothing", "请写明要核验的令牌", []string{"verify", "--keys", filepath.Join(out, "keys.json"), ""}},
		{"verify: no file", "找不到文件", []string{"verify", "--keys", filepath.Join(out, "keys.json"), "none.png"}},
		{"verify: a folder", "是文件夹", []string{"verify", "--keys", filepath.Join(out, "keys.json"), empty}},
		{"verify: no picture", "不是 PDF", []string{"verify", "--keys", filepath.Join(out, "keys.json"), roster}},
		{"verify: keys that are none", "不是密钥清单", []string{"verify", "--keys", roster, roster}},
		{"store: unknown command", "不认识的参数", []string{"--data", data, "store", "burn"}},
		{"day: no folder", "找不到文件夹", []string{"day", "--in", filepath.Join(empty, "none"), "--out", empty}},
		{"day: no day.json", "day.json", []string{"day", "--in", empty, "--out", filepath.Join(empty, "out")}},
		{"day: a member is missing", "order.due", []string{"day", "--in", withoutDue(t), "--out", filepath.Join(empty, "out")}},
		{"day: no out", "缺少选项", []string{"day", "--in", "sample"}},
	}
}

// codeOfNobody is a well-formed enrolment code of a hub that refuses the
// connection.
func codeOfNobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	code, err := wire.NewCode("https://"+address, [sha256.Size]byte{1}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return code.String()
}

// withoutDue is the carried day whose order names no day to correct by.
func withoutDue(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(assets.Sample, "day.json")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(file(t, "day.json", bytes.Replace(raw, []byte(`"due"`), []byte(`"do"`), 1)))
}
