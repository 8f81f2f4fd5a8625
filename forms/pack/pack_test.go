package pack

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"anxin/forms/xlsform"
	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/seal"
)

var at = time.Date(2026, 6, 20, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))

// device is a signing device made from one byte.
func device(seed byte) seal.Device {
	return seal.Device{ID: "0192f0c1-0000-7000-8000-000000000001", Epoch: 1, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))}
}

func keyOf(d seal.Device) model.PublicKey {
	return model.PublicKey{ID: d.KeyID(), Key: d.Public(), Device: d.ID, From: at.AddDate(-1, 0, 0)}
}

const source = `
| survey |
| | type | name | label |
| | text | party | 当事人 |

| settings |
| | form_id | form_title | version |
| | D06 | 限期改正指令书 | 2026-07 |
`

const template = `title 限期改正指令书
field party text 当事人
body
@title {{title}}
{{party}}。
`

func sample() Source {
	return Source{Name: "D06.md", Form: []byte(source), Papers: map[string][]byte{"D06.paper": []byte(template)}, Law: "2026", ValidFrom: "2026-07-01"}
}

// beside writes the sample form with another header and another question.
func beside(header, question string) func(*Source) {
	return func(s *Source) {
		s.Form = []byte(strings.NewReplacer("| label |", header, "| 当事人 |", question).Replace(source))
	}
}

func make1(t *testing.T, s Source) []byte {
	t.Helper()
	raw, err := Make(s, device(1), at)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestMakeAndRead(t *testing.T) {
	raw := make1(t, sample())
	if !bytes.Equal(raw, make1(t, sample())) {
		t.Error("the same source gives other bytes")
	}
	p, err := Read(raw, []model.PublicKey{keyOf(device(1))})
	if err != nil {
		t.Fatal(err)
	}
	if p.Form != "D06" || p.Version != "2026-07" || p.Title != "限期改正指令书" || p.Law != "2026" || p.Compiled.Question("/party") == nil ||
		string(p.Papers["D06.paper"]) != template || !p.Made.Equal(at) || p.KeyID != device(1).KeyID() || len(p.SHA256) != 64 {
		t.Errorf("%+v", p)
	}
	for day, want := range map[model.Date]bool{"2026-06-30": false, "2026-07-01": true, "2030-01-01": true} {
		if p.In(day) != want {
			t.Errorf("on %s: %v", day, p.In(day))
		}
	}
}

func TestWorkbookAsSource(t *testing.T) {
	var b bytes.Buffer
	if err := xlsform.ExportWorkbook(&b, source); err != nil {
		t.Fatal(err)
	}
	s := sample()
	s.Name, s.Form = "指令书.xlsx", b.Bytes()
	p, err := Read(make1(t, s), nil)
	if err != nil || p.Name != "form.xlsx" || p.Compiled.ID != "D06" {
		t.Errorf("%v %+v", err, p)
	}
}

func TestSourcesThatAreRefused(t *testing.T) {
	cases := []struct {
		name string
		with func(*Source)
		want string
	}{
		{"form with a fault", func(s *Source) { s.Form = []byte(strings.Replace(source, "text", "txet", 1)) }, "survey 表第 2 行 type 列（A2）：不认识题型“txet”，是不是 text？"},
		{"a question with a picture", beside("| label | media::image |", "| 当事人 | plan.png |"), "survey 表第 2 行的“party”带有 image 列：表单包不放图片、录音和录像"},
		{"a question with a sound", beside("| label | audio::中文 (zh) |", "| 当事人 | a.mp3 |"), "带有 audio 列"},
		{"a choice with a picture", beside("| label |", "| 当事人 |\n| | select_one yn | b | 是否 |\n\n| choices |\n| | list_name | name | label | image |\n| | yn | y | 是 | y.png |"), "survey 表第 3 行的选项“y”带有 image 列"},
		{"form without id", func(s *Source) { s.Form = []byte(strings.Replace(source, "D06", "", 1)) }, "请在 settings 表里写上 form_id"},
		{"form without version", func(s *Source) { s.Form = []byte(strings.Replace(source, "2026-07", "", 1)) }, "的版本“”不能用"},
		{"source of another kind", func(s *Source) { s.Name = "D06.docx" }, "应是 .md 或 .xlsx"},
		{"template with a fault", func(s *Source) { s.Papers["D06.paper"] = []byte(template + "{{nobody}}\n") }, "D06.paper:6"},
		{"template of another kind", func(s *Source) { s.Papers["x.exe"] = nil }, "应是 .paper 或 .part"},
		{"no first day", func(s *Source) { s.ValidFrom = "" }, "没有启用日期"},
		{"days the wrong way round", func(s *Source) { s.ValidTo = "2026-06-01" }, "不早于启用日期"},
		{"too large", func(s *Source) { s.Papers["x.part"] = bytes.Repeat([]byte("# 说明\n"), 200_000) }, "上限 1024 KB"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := sample()
			c.with(&s)
			if _, err := Make(s, device(1), at); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want …%s…", err, c.want)
			}
		})
	}
}

func TestPackagesThatAreRefused(t *testing.T) {
	raw := make1(t, sample())
	changed := bytes.Replace(raw, []byte("当事人"), []byte("当事入"), 1)
	late := keyOf(device(1))
	late.From = at.AddDate(0, 0, 1)
	other := func(fill func(*bundle.Writer)) []byte {
		var b bytes.Buffer
		w, err := bundle.Create(&b, bundle.Header{Kind: Kind, Made: at, Meta: []byte(`{"form":"D06","version":"2","title":"","valid_from":"2026-07-01"}`)}, device(1))
		if err != nil {
			t.Fatal(err)
		}
		fill(w)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	add := func(w *bundle.Writer, name, content string) {
		if _, err := w.Add(name, strings.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name string
		raw  []byte
		keys []model.PublicKey
		is   error
		want string
	}{
		{"nobody's key", raw, []model.PublicKey{}, bundle.ErrUnknown, ""},
		{"another's key", raw, []model.PublicKey{keyOf(device(2))}, bundle.ErrUnknown, ""},
		{"a key not valid yet", raw, []model.PublicKey{late}, bundle.ErrUnknown, ""},
		{"changed afterwards", changed, nil, bundle.ErrDamaged, ""},
		{"cut off", raw[:len(raw)-30], nil, bundle.ErrTruncated, ""},
		{"no package", []byte("PK"), nil, bundle.ErrNotBundle, ""},
		{"not the form it says", other(func(w *bundle.Writer) { add(w, "form.md", source) }), nil, nil, "自称是 D06@2，里面的表单是 D06@2026-07"},
		{"no form in it", other(func(w *bundle.Writer) { add(w, "papers/D06.paper", template) }), nil, nil, "里没有表单"},
		{"a member nobody knows", other(func(w *bundle.Writer) { add(w, "run.sh", "") }), nil, nil, "不认识的文件“run.sh”"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(c.raw, c.keys)
			if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %v …%s…", err, c.is, c.want)
			}
		})
	}
}

func TestOverlay(t *testing.T) {
	o := Overlay{Base: fstest.MapFS{"a": {Data: []byte("base")}, "b": {Data: []byte("base")}}, Files: map[string][]byte{"b": []byte("own"), "c": []byte("own")}}
	for name, want := range map[string]string{"a": "base", "b": "own", "c": "own"} {
		if got, err := fs.ReadFile(o, name); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	names, err := fs.Glob(o, "*")
	if err != nil || strings.Join(names, "") != "abc" {
		t.Errorf("%v %v", names, err)
	}
	if _, err := fs.ReadFile(Overlay{}, "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	raw, err := Make(sample(), device(1), at)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, err := Read(raw, nil); err == nil && (p.Compiled == nil || p.Compiled.ID != p.Form) {
			t.Fatal("accepted without a form")
		}
	})
}
