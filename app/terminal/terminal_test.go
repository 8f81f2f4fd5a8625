package terminal

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"
)

type sample struct {
	Data string `help:"文件夹" placeholder:"DIR" env:"SAMPLE_DATA"`
	Add  struct {
		Name string `required:"" help:"名称。"`
		From int    `help:"起号"`
		At   string `default:"127.0.0.1:1" placeholder:"HOST:PORT" help:"地址。"`
		File string `arg:"" type:"existingfile" help:"文件" example:"名册.xlsx"`
	} `cmd:"" help:"新增"`
	Pick struct {
		One string `xor:"how" required:"" help:"甲"`
		Two string `xor:"how" required:"" help:"乙"`
		How string `arg:"" enum:"a,b" help:"办法"`
	} `cmd:"" help:"选择"`
}

func parse(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var c sample
	var out bytes.Buffer
	p, err := kong.New(&c, kong.Name("sample"), kong.Description("样例"), kong.Writers(&out, &out), kong.Help(Help), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return out.String(), err
}

func TestHelpIsInChinese(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"--help"}, []string{"用法：sample <命令> [选项]", "新增", "显示用法", "文件夹（环境变量 SAMPLE_DATA）", "用 sample <命令> --help"}},
		{[]string{"add", "--help"}, []string{"用法：sample add <文件> [选项]", "名称（必填）", "--name=文字", "--from=数", "地址（默认 127.0.0.1:1）"}},
		{[]string{"pick", "--help"}, []string{"甲（必填其一）", "乙（必填其一）"}},
	} {
		got, _ := parse(t, c.args...)
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%q printed no %q:\n%s", c.args, w, got)
			}
		}
		for _, w := range []string{"Usage", "Flags", "Show", "STRING"} {
			if strings.Contains(got, w) {
				t.Errorf("%q printed the English %q:\n%s", c.args, w, got)
			}
		}
	}
}

func TestComplaint(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, `需要一个命令："add", "pick"`},
		{[]string{"ad"}, `不认识的参数 ad，是不是要写 "add"`},
		{[]string{"add", "--nam", "x"}, `不认识的选项 --nam，是不是要写 "--name"`},
		{[]string{"add", "--name", "x"}, `缺少“文件”，应写成：sample add <文件> [选项]，例如：sample add 名册.xlsx`},
		{[]string{"add", "words.go"}, "缺少选项 --name"},
		{[]string{"add", "--name", "x", "none"}, "请核对路径"},
		{[]string{"add", "--from", "x", "words.go"}, "--from 的内容 \"x\" 不对"},
		{[]string{"pick", "a"}, "缺少选项 --one 或 --two"},
		{[]string{"pick", "a", "--one", "1", "--two", "2"}, "--one 或 --two 只能写一个"},
		{[]string{"pick", "c", "--one", "1"}, `<how> 只能是 "a","b"，不能是 "c"`},
	} {
		_, err := parse(t, c.args...)
		if err == nil {
			t.Errorf("%q was taken", c.args)
			continue
		}
		got := Complaint(err)
		if !strings.Contains(got, c.want) {
			t.Errorf("%q: %q, want %q (the parser said %q)", c.args, got, c.want, err)
		}
		for _, w := range []string{"expected", "unexpected", "missing", "unknown", "must be", "did you", "can't", "no such"} {
			if strings.Contains(got, w) {
				t.Errorf("%q: the English %q in %q", c.args, w, got)
			}
		}
	}
}

func TestSentenceWordsWhatTheSystemSays(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "甲")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open := func(path string) error { _, err := os.Open(path); return err }
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	listen := func(at string) error { _, err := net.Listen("tcp", at); return err }
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"a missing folder", fmt.Errorf("写文件: %w", open(filepath.Join(dir, "无", ".x.tmp-1"))), "写文件: “" + filepath.Join(dir, "无") + "”找不到，请核对路径"},
		{"a file as folder", fmt.Errorf("写文件: %w", open(filepath.Join(plain, "乙"))), "不是文件夹，请核对"},
		{"made already", os.Mkdir(dir, 0o700), "“" + dir + "”已经存在，请换一个名字"},
		{"said already", fmt.Errorf("“x”已经存在，请换一个文件名: %w", fs.ErrExist), "“x”已经存在，请换一个文件名"},
		{"a damaged archive", fmt.Errorf("内容已经损坏: %w", zip.ErrChecksum), "内容已经损坏"},
		{"an address taken", fmt.Errorf("不能监听: %w", listen(held.Addr().String())), "不能监听: 已被占用"},
		{"an address without a port", fmt.Errorf("不能监听: %w", listen("999")), "不能监听: 地址应写成 主机:端口"},
		{"no such host", fmt.Errorf("不能监听: %w", &net.OpError{Op: "listen", Net: "tcp", Err: &net.DNSError{Name: "甲", Err: "no such host"}}), "找不到主机"},
		{"interrupted", fmt.Errorf("没有完成: %w", context.Canceled), "没有完成: 已经中断"},
		{"two lines", errors.Join(errors.New("甲"), errors.New("乙")), "甲；乙"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Sentence(c.err)
			if !strings.Contains(got, c.want) {
				t.Errorf("%q, want %q (it was %q)", got, c.want, c.err)
			}
			rest := strings.NewReplacer(dir, "", ".x.tmp-1", "", "“x”", "").Replace(got)
			if strings.ContainsFunc(rest, func(r rune) bool { return r < 0x80 && unicode.IsLetter(r) }) {
				t.Errorf("English left in %q", got)
			}
		})
	}
}
