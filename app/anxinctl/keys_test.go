package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"anxin/app/day"
	"anxin/app/office"
	"anxin/assets"
	"anxin/model"
	"anxin/model/modeltest"
)

func TestKeysCommands(t *testing.T) {
	out, sum := worked(t)
	data, dir := day.OfficeDir(out), t.TempDir()
	list := filepath.Join(dir, "清单.json")
	must(t, []string{"Ed25519", "共 "}, "--data", data, "keys", "list")
	must(t, []string{"今后用 SM2"}, "--data", data, "keys", "use", "sm2")
	must(t, []string{"今后用 SM2"}, "--data", data, "keys", "use", "sm2")
	if said := must(t, []string{"SM2", "需要口令"}, "--data", data, "keys", "list"); strings.Count(said, "  SM2  ") != 1 {
		t.Errorf("announced twice:\n%s", said)
	}
	must(t, []string{"已写出"}, "--data", data, "keys", "write", "--out", list)
	must(t, []string{"今后用 Ed25519"}, "--data", data, "keys", "use", "ed25519")

	pdf := filepath.Join(dir, "指令书.pdf")
	must(t, nil, "--data", data, "print", sum.Documents[4].ID, "--out", pdf)
	must(t, []string{"有效 (valid)"}, "verify", "--keys", list, pdf)
	raw, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, bytes.Replace(raw, []byte(`"SM2"`), []byte(`"SM9"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "签名与内容不符", "verify", "--keys", list, pdf)
	refused(t, "sm2", "--data", data, "keys", "use", "rsa")
}

// A day on which every paper is signed by SM2: each is checked offline from its
// page's file, and the file of the case holds together.
func TestADayUnderSM2(t *testing.T) {
	out := t.TempDir()
	first := true
	sum, err := day.Run(t.Context(), day.Options{In: assets.Sample, Out: out, Params: modeltest.FastParams(),
		After: func(step string, o *office.Office) error {
			if first {
				first = false
				return o.SignBy(t.Context(), model.AlgSM2)
			}
			if step == "第二台电脑下载" {
				return errEnough
			}
			return nil
		}})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	t.Setenv(passphraseVariable, day.Passphrase)
	data, dir := day.OfficeDir(out), t.TempDir()
	list := filepath.Join(dir, "清单.json")
	must(t, nil, "--data", data, "keys", "write", "--out", list)
	var second string
	for line := range strings.Lines(must(t, nil, "--data", data, "keys", "list")) {
		if id, rest, _ := strings.Cut(line, " "); strings.Contains(rest, " SM2  ") {
			second = id
		}
	}
	for _, d := range sum.Documents {
		must(t, []string{"有效 (valid)", "逐字节相同", "签发设备 " + second}, "verify", "--keys", list, filepath.Join(out, d.File))
	}
	file := filepath.Join(dir, "案卷.zip")
	must(t, nil, "--data", data, "case", "bundle", listed(t, data, "case"), "--out", file)
	must(t, []string{"有效 (valid)", "问题 0"}, "case", "verify", "--keys", list, file)
}

func TestTrustedTerminal(t *testing.T) {
	data := t.TempDir()
	o, err := office.Create(t.Context(), office.Options{Dir: data, Params: modeltest.FastParams()}, office.SetUp{
		Office: *modeltest.Office(), Officers: []model.Officer{*modeltest.Officer(1)}, Passphrase: modeltest.Passphrase})
	if err == nil {
		err = o.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseVariable, modeltest.Passphrase)
	keyring.MockInitWithError(errors.New("no bus"))
	t.Cleanup(keyring.MockInit)
	refused(t, "没有可用的系统密钥环", "--data", data, "keys", "trust")
	keyring.MockInit()
	must(t, []string{"不再询问口令"}, "--data", data, "keys", "trust")
	t.Setenv(passphraseVariable, "")
	must(t, []string{"共 "}, "--data", data, "list", "case")
	must(t, []string{"不问口令"}, "--data", data, "keys", "list")
	must(t, []string{"已取消可信"}, "--data", data, "keys", "trust", "--off")
	refused(t, "需要口令", "--data", data, "list", "case")
}
