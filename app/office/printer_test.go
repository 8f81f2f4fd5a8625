package office

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fakeCUPS puts an lp and an lpstat of the test's own first on the path; lp
// writes down its arguments and refuses a title that says 坏.
func fakeCUPS(t *testing.T) (p *Printer, said func() string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a shell script stands for lp: not on Windows")
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	scripts := map[string]string{
		"lpstat": "#!/bin/sh\ncase \"$1\" in -e) printf 'HP_1020\\nOffice_Duplex\\n' ;; -d) echo 'system default destination: Office_Duplex' ;; esac\n",
		"lp": "#!/bin/sh\ncase \"$*\" in *坏*) echo 'lp: The printer is on fire.' >&2; exit 1 ;; esac\n" +
			"for f; do :; done\nprintf '%s | %s\\n' \"$*\" \"$(head -c 8 \"$f\")\" >> '" + log + "'\n",
	}
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return NewPrinter(), func() string {
		raw, err := os.ReadFile(log)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return string(raw)
	}
}

func TestPrintersAreListed(t *testing.T) {
	p, _ := fakeCUPS(t)
	list, err := p.Printers(context.Background())
	if err != nil || fmt.Sprint(list) != "[{HP_1020 false} {Office_Duplex true}]" {
		t.Errorf("%v, %v", list, err)
	}
}

func TestPrintGoesToThePrinterAsAsked(t *testing.T) {
	cases := []struct {
		name     string
		settings PrintSettings
		want     string
	}{
		{"default", PrintSettings{}, "-n 1 -t 指令书 -o sides=one-sided -o media=A4 -o print-scaling=none -- "},
		{"chosen", PrintSettings{Printer: "HP_1020", Copies: 3, Duplex: true}, "-d HP_1020 -n 3 -t 指令书 -o sides=two-sided-long-edge -o media=A4 -o print-scaling=none -- "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, said := fakeCUPS(t)
			if err := p.Print(context.Background(), "指令书", []byte("%PDF-1.7 x"), c.settings); err != nil {
				t.Fatal(err)
			}
			got := said()
			if !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, "| %PDF-1.7\n") {
				t.Errorf("lp was called with %q", got)
			}
			file := strings.TrimSuffix(strings.TrimPrefix(got, c.want), " | %PDF-1.7\n")
			if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the paper stays behind at %s", file)
			}
		})
	}
}

func TestPrintRefuses(t *testing.T) {
	p, _ := fakeCUPS(t)
	for _, c := range []struct {
		title    string
		settings PrintSettings
		want     string
	}{
		{"甲", PrintSettings{Copies: 100}, "份数应是 1 到 99"}, {"甲", PrintSettings{Copies: -1}, "份数"},
		{"甲", PrintSettings{Printer: "-o"}, "不能以“-”开头"}, {"坏件", PrintSettings{}, "The printer is on fire"},
	} {
		if err := p.Print(context.Background(), c.title, []byte("%PDF"), c.settings); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.settings, err)
		}
	}
	none := &Printer{system: "linux", run: runProgram, find: func(string) (string, error) { return "", os.ErrNotExist }}
	if err := none.Print(context.Background(), "甲", nil, PrintSettings{}); !errors.Is(err, errNoPrinting) {
		t.Errorf("without CUPS: %v", err)
	}
	if _, err := none.Printers(context.Background()); !errors.Is(err, errNoPrinting) {
		t.Errorf("without CUPS: %v", err)
	}
}

func TestBatchNamesWhatFailed(t *testing.T) {
	p, said := fakeCUPS(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	good := func(context.Context) ([]byte, error) { return []byte("%PDF-1.7"), nil }
	items := []PrintItem{{"一", good}, {"坏二", good}, {"三", func(context.Context) ([]byte, error) { return nil, errors.New("文件不在本机") }}, {"四", good}, {"五", good}}
	var seen []int
	faults := p.PrintAll(ctx, items, PrintSettings{}, func(done, total int) {
		seen = append(seen, done)
		if done == 4 {
			cancel()
		}
	})
	var names []string
	for _, f := range faults {
		names = append(names, f.Title)
	}
	if fmt.Sprint(names) != "[坏二 三 五]" || !strings.Contains(faults[2].Err.Error(), "已取消") {
		t.Errorf("failed: %v", faults)
	}
	if fmt.Sprint(seen) != "[1 2 3 4 5]" || strings.Count(said(), "\n") != 2 {
		t.Errorf("progress %v, printed %q", seen, said())
	}
}

// On Windows the same goes through SumatraPDF or the shell.
func TestWindowsCommands(t *testing.T) {
	var ran []string
	with := func(sumatra bool) *Printer {
		return &Printer{system: "windows", run: func(_ context.Context, name string, args ...string) (string, error) {
			ran = append([]string{name}, args...)
			return "False|HP LaserJet\r\nTrue|办公室 打印机\r\n", nil
		}, find: func(name string) (string, error) {
			if sumatra {
				return `C:\Sumatra\` + name, nil
			}
			return "", os.ErrNotExist
		}}
	}
	if list, err := with(false).Printers(context.Background()); err != nil || fmt.Sprint(list) != "[{HP LaserJet false} {办公室 打印机 true}]" {
		t.Errorf("%v, %v", list, err)
	}
	if err := with(true).Print(context.Background(), "甲", nil, PrintSettings{Printer: "办公室 打印机", Copies: 2, Duplex: true}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ran[:len(ran)-1], " "); got != `C:\Sumatra\SumatraPDF.exe -print-to 办公室 打印机 -print-settings 2x,duplexlong,paper=A4,noscale -silent` {
		t.Error(got)
	}
	if err := with(false).Print(context.Background(), "甲", nil, PrintSettings{Printer: "O'Neil"}); err != nil {
		t.Fatal(err)
	}
	if got := ran[len(ran)-1]; !strings.Contains(got, `-Verb PrintTo -ArgumentList '"O''Neil"' -Wait`) {
		t.Error(got)
	}
	if err := with(false).Print(context.Background(), "甲", nil, PrintSettings{Copies: 2}); err == nil || !strings.Contains(err.Error(), "SumatraPDF") {
		t.Errorf("two copies without SumatraPDF: %v", err)
	}
}
