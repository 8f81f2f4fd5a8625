package main

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/app/day"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

func TestCaseBundle(t *testing.T) {
	out, sum := worked(t)
	data := day.OfficeDir(out)
	kase := listed(t, data, "case")
	dir := t.TempDir()
	file, keys := filepath.Join(dir, "案卷.zip"), filepath.Join(out, "keys.json")
	must(t, []string{"告示牌.jpg"}, "--data", data, "evidence", "--sm3", "--case", kase, carried(t, "photos/告示牌.jpg"))
	must(t, []string{"已写出", "没有加密"}, "--data", data, "case", "bundle", kase, "--out", file)

	said := must(t, []string{"有效 (valid)", "都在可信的密钥清单上", "问题 0", "案件 ", "询问 ", "12 名劳动者", sum.Documents[4].Number, "导入  SHA-256 "},
		"case", "verify", "--keys", keys, file)
	full := must(t, []string{"有效 (valid)", "--keys"}, "case", "verify", "--full", file)
	if strings.Count(said, "\n文书 ") < len(sum.Documents) {
		t.Errorf("not every document is named:\n%s", said)
	}
	secrets := personal(t, file)
	if len(secrets) < 20 {
		t.Fatalf("only %d personal words in the case", len(secrets))
	}
	for _, s := range secrets {
		if strings.Contains(said, s) {
			t.Errorf("%q is printed in clear", s)
		}
		if !strings.Contains(full, s) {
			t.Errorf("%q is missing from the full report", s)
		}
	}
	changedBundles(t, file, dir, keys)
	insidersBundle(t, data, file, dir, keys)
	sealedBundle(t, data, kase, dir)
	custodyOfExport(t, data)
	must(t, []string{"导入", "SHA-256 ", "导出", "案卷包", "共 "}, "--data", data, "case", "custody", listed(t, data, "evidence"))
	must(t, []string{"SHA-256 ", "SM3 "}, "--data", data, "case", "custody", "--sm3", listed(t, data, "evidence"))
	refused(t, "不是证据", "--data", data, "case", "custody", kase)

	refused(t, "不是有效的记录编号", "--data", data, "case", "bundle", "1", "--out", file)
	refused(t, "不是案件", "--data", data, "case", "bundle", sum.Documents[4].ID, "--out", file)
	refused(t, "找不到文件夹", "--data", data, "case", "bundle", kase, "--out", filepath.Join(dir, "none", "x.zip"))
	refused(t, "不是加密公钥", "--data", data, "case", "bundle", kase, "--out", file, "--for", "abc")
	refused(t, "找不到文件", "case", "verify", filepath.Join(dir, "none.zip"))
	refused(t, "不是安薪的文件包", "case", "verify", keys)
	refused(t, "找不到密钥清单", "case", "verify", "--keys", filepath.Join(dir, "none.json"), file)
}

// personal are the words of a case that are hidden unless asked for.
func personal(t *testing.T, file string) (out []string) {
	t.Helper()
	r, err := office.VerifyCase(context.Background(), file, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range r.Records {
		switch v := rec.Record.(type) {
		case *model.WageRoll:
			for _, w := range v.Workers {
				out = append(out, w.IDNo, w.Name)
			}
		case *model.Interview:
			if v.IDNo != "" {
				out = append(out, v.IDNo)
			}
			out = append(out, v.Person)
		}
	}
	return out
}

// rewritten is a bundle with its members changed and signed anew.
func rewritten(t *testing.T, from, to string, by seal.Device, change func(name string, data []byte) []byte) {
	t.Helper()
	f, err := bundle.OpenFile(from, bundle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := f.Manifest()
	err = bundle.WriteFile(to, bundle.Header{Kind: m.Kind, Made: m.Made, Meta: m.Meta}, by, nil, func(w *bundle.Writer) error {
		for _, member := range m.Members {
			data, err := f.Read(member.Name, 1<<30)
			if err != nil {
				return err
			}
			if data = change(member.Name, data); data == nil {
				continue
			}
			if _, err := w.Add(member.Name, bytes.NewReader(data)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// changedBundles are put together by somebody who has the program and a key,
// but not the keys of the office.
func changedBundles(t *testing.T, file, dir, keys string) {
	t.Helper()
	forger := modeltest.Device(66)
	swap := func(in, old, new string) func(string, []byte) []byte {
		return func(name string, data []byte) []byte {
			if strings.HasPrefix(name, in) {
				return bytes.Replace(data, []byte(old), []byte(new), 1)
			}
			return data
		}
	}
	for name, c := range map[string]struct {
		change func(string, []byte) []byte
		want   string
	}{
		"nothing but the signer":  {swap("-", "", ""), "不是由制作案卷包的设备签名"},
		"a name in the journal":   {swap("journal", `"name":"`, `"name":"假`), "内容与编号不符"},
		"an author":               {swap("journal", `"author":"0`, `"author":"1`), "内容与编号不符"},
		"a paper's page":          {swap("documents/", "%%EOF", "%%EOE"), "SHA-256 不符"},
		"a photo":                 {swap("evidence/", "\xff\xd8", "\xff\xd9"), "SHA-256 不符"},
		"a hash in the contents":  {swap("contents", `"sm3": "`, `"sm3": "0`), "SM3 不符"},
		"a file not on the list":  {swap("contents", `"record": "0`, `"record": "1`), "不在目录上"},
		"a first revision is out": {dropLine, "之前的版本不在"},
	} {
		path := filepath.Join(dir, "改.zip")
		rewritten(t, file, path, forger, c.change)
		code, out, errs := ctl("case", "verify", path)
		if code == 0 || !strings.Contains(out, c.want) || !strings.Contains(out, "无效 (invalid)") || errs != "" {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		refused(t, "不认识的设备签名", "case", "verify", "--keys", keys, path)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	broken := filepath.Join(dir, "坏.zip")
	if err := os.WriteFile(broken, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "已经损坏或被改动", "case", "verify", broken)
	if err := os.WriteFile(broken, raw[:len(raw)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "不完整", "case", "verify", broken)
}

// insidersBundle is by somebody who has the laptop and its key: what was issued
// cannot be changed even so.
func insidersBundle(t *testing.T, data, file, dir, keys string) {
	t.Helper()
	o, err := office.Open(context.Background(), office.Options{Dir: data}, day.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	insider := o.Device()
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "内.zip")
	rewritten(t, file, path, insider, func(name string, data []byte) []byte {
		if name != "journal.jsonl" {
			return data
		}
		var issued model.Revision
		for line := range bytes.Lines(data) {
			var r model.Revision
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatal(err)
			}
			if r.Kind == model.KindDocument && bytes.Contains(r.Body, []byte(`"issued":`)) {
				issued = r
			}
		}
		issued.Parents = []model.Rev{issued.Rev}
		issued.Body = bytes.Replace(issued.Body, []byte(`"fields":{`), []byte(`"fields":{"added":"假",`), 1)
		if err := insider.SignRevision(&issued); err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(issued)
		if err != nil {
			t.Fatal(err)
		}
		return append(append(data, line...), '\n')
	})
	code, out, _ := ctl("case", "verify", "--keys", keys, path)
	if code == 0 || !strings.Contains(out, model.ErrFrozen.Error()) || !strings.Contains(out, "问题 1\n") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// dropLine takes the first line out of the journal.
func dropLine(name string, data []byte) []byte {
	if name == "journal.jsonl" {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	return data
}

func sealedBundle(t *testing.T, data, kase, dir string) {
	t.Helper()
	key, err := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	file, private := filepath.Join(dir, "密.anxin"), filepath.Join(dir, "key.txt")
	if err := os.WriteFile(private, []byte(base64.StdEncoding.EncodeToString(key.Bytes())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, []string{"已写出"}, "--data", data, "case", "bundle", kase, "--out", file, "--for", base64.StdEncoding.EncodeToString(key.PublicKey().Bytes()))
	must(t, []string{"有效 (valid)", "（加密）"}, "case", "verify", "--key", private, file)
	refused(t, "加密", "case", "verify", file)
	refused(t, "不是解密私钥", "case", "verify", "--key", file, file)
}

// custodyOfExport: both exports stand in the chain of every photo.
func custodyOfExport(t *testing.T, data string) {
	t.Helper()
	o, err := office.Open(context.Background(), office.Options{Dir: data}, day.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	heads, err := o.Store.List(context.Background(), model.Query{Kind: model.KindEvidence})
	if err != nil || len(heads) == 0 {
		t.Fatalf("%d pieces of evidence, %v", len(heads), err)
	}
	for _, h := range heads {
		chain, err := o.Desk.Custody(context.Background(), h.ID)
		if err != nil || len(chain) < 3 || chain[len(chain)-1].Event != model.CustodyExported || chain[len(chain)-2].Event != model.CustodyExported {
			t.Errorf("%+v, %v", chain, err)
		}
	}
}
