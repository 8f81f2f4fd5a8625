package office

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// PrinterInfo is a printer the machine knows.
type PrinterInfo struct {
	Name    string `json:"name"`
	Default bool   `json:"default"`
}

// PrintSettings say where and how papers are printed.
type PrintSettings struct {
	Printer string // as the machine calls it; "" for its default
	Copies  int    // 0 is one
	Duplex  bool   // on both sides, turned at the long edge
}

// mostCopies bounds a slip of the keyboard.
const mostCopies = 99

// Printer prints PDF files on the machine's printers: through CUPS on Linux
// and macOS, through SumatraPDF or the shell's own verb on Windows.
type Printer struct {
	system string // as runtime.GOOS has it
	// run executes a program and gives its output; its error has what the
	// program said.
	run func(ctx context.Context, name string, args ...string) (string, error)
	// find gives the path of a program, or an error.
	find func(name string) (string, error)
}

// NewPrinter is the machine's own.
func NewPrinter() *Printer {
	return &Printer{system: runtime.GOOS, run: runProgram, find: exec.LookPath}
}

func runProgram(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) && len(failed.Stderr) > 0 {
		return "", errors.New(strings.TrimSpace(string(failed.Stderr)))
	}
	return string(out), err
}

// errNoPrinting says that the machine lacks what prints.
var errNoPrinting = errors.New("本机没有打印服务：Linux、macOS 请安装并启动 CUPS，Windows 请安装打印机驱动")

// Printers lists the machine's printers; none is no error.
func (p *Printer) Printers(ctx context.Context) ([]PrinterInfo, error) {
	if p.system == "windows" {
		return p.windowsPrinters(ctx)
	}
	if _, err := p.find("lpstat"); err != nil {
		return nil, errNoPrinting
	}
	names, err := p.run(ctx, "lpstat", "-e")
	if err != nil {
		return nil, fmt.Errorf("列出打印机: %w", err)
	}
	// Without a default lpstat says so in words; a failure is no default too.
	chosen, _ := p.run(ctx, "lpstat", "-d")
	_, chosen, _ = strings.Cut(chosen, ":")
	var out []PrinterInfo
	for _, n := range strings.Fields(names) {
		out = append(out, PrinterInfo{Name: n, Default: n == strings.TrimSpace(chosen)})
	}
	return out, nil
}

func (p *Printer) windowsPrinters(ctx context.Context) ([]PrinterInfo, error) {
	const list = `[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-CimInstance Win32_Printer | ForEach-Object { "$($_.Default)|$($_.Name)" }`
	text, err := p.run(ctx, "powershell", "-NoProfile", "-NonInteractive", "-Command", list)
	if err != nil {
		return nil, fmt.Errorf("列出打印机: %w", err)
	}
	var out []PrinterInfo
	for _, line := range strings.Split(text, "\n") {
		if chosen, name, ok := strings.Cut(strings.TrimSpace(line), "|"); ok {
			out = append(out, PrinterInfo{Name: name, Default: chosen == "True"})
		}
	}
	return out, nil
}

// Print sends one PDF to a printer; title is what the queue shows.
func (p *Printer) Print(ctx context.Context, title string, pdf []byte, s PrintSettings) error {
	if s.Copies == 0 {
		s.Copies = 1
	}
	if s.Copies < 1 || s.Copies > mostCopies {
		return fmt.Errorf("份数应是 1 到 %d，现在是 %d", mostCopies, s.Copies)
	}
	if strings.HasPrefix(s.Printer, "-") {
		return fmt.Errorf("打印机名称“%s”不能以“-”开头", s.Printer)
	}
	dir, err := os.MkdirTemp("", "anxin-print")
	if err != nil {
		return fmt.Errorf("准备打印: %w", err)
	}
	defer os.RemoveAll(dir) // a paper names people: it does not stay behind
	file := filepath.Join(dir, "document.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		return fmt.Errorf("准备打印: %w", err)
	}
	name, args, err := p.command(file, title, s)
	if err != nil {
		return err
	}
	if _, err := p.run(ctx, name, args...); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("打印《%s》失败，请检查打印机是否开机、联机、有纸: %w", title, err)
	}
	return nil
}

// command is the program that prints a file, with its arguments.
func (p *Printer) command(file, title string, s PrintSettings) (string, []string, error) {
	if p.system == "windows" {
		return p.windowsCommand(file, s)
	}
	if _, err := p.find("lp"); err != nil {
		return "", nil, errNoPrinting
	}
	var args []string
	if s.Printer != "" {
		args = append(args, "-d", s.Printer)
	}
	sides := "one-sided"
	if s.Duplex {
		sides = "two-sided-long-edge"
	}
	return "lp", append(args, "-n", strconv.Itoa(s.Copies), "-t", title, "-o", "sides="+sides, "-o", "media=A4", "-o", "print-scaling=none", "--", file), nil
}

// windowsCommand prefers SumatraPDF, which prints unseen and waits; without it
// the shell's verb prints one-sided single copies as the driver is set.
func (p *Printer) windowsCommand(file string, s PrintSettings) (string, []string, error) {
	if sumatra, err := p.find("SumatraPDF.exe"); err == nil {
		sides := "simplex"
		if s.Duplex {
			sides = "duplexlong"
		}
		to := []string{"-print-to-default"}
		if s.Printer != "" {
			to = []string{"-print-to", s.Printer}
		}
		return sumatra, append(to, "-print-settings", fmt.Sprintf("%dx,%s,paper=A4,noscale", s.Copies, sides), "-silent", file), nil
	}
	if s.Copies > 1 || s.Duplex {
		return "", nil, errors.New("多份或双面打印需要 SumatraPDF，请安装它并加入 PATH，或者逐份单面打印")
	}
	verb := "Start-Process -FilePath " + quoted(file) + " -Verb Print -Wait"
	if s.Printer != "" {
		verb = "Start-Process -FilePath " + quoted(file) + " -Verb PrintTo -ArgumentList " + quoted(`"`+s.Printer+`"`) + " -Wait"
	}
	return "powershell", []string{"-NoProfile", "-NonInteractive", "-Command", verb}, nil
}

// quoted is a literal string of PowerShell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// PrintItem is one paper of a batch.
type PrintItem struct {
	Title string
	PDF   func(context.Context) ([]byte, error)
}

// PrintFault is a paper of a batch that was not printed, and why.
type PrintFault struct {
	Title string
	Err   error
}

// PrintAll prints papers one after another. A paper that fails does not hold
// up the others; when ctx ends the rest are not printed. What was not printed
// is given back, in order. progress may be nil.
func (p *Printer) PrintAll(ctx context.Context, items []PrintItem, s PrintSettings, progress func(done, total int)) []PrintFault {
	var out []PrintFault
	for i, item := range items {
		if err := p.printItem(ctx, item, s); err != nil {
			out = append(out, PrintFault{item.Title, err})
		}
		if progress != nil {
			progress(i+1, len(items))
		}
	}
	return out
}

func (p *Printer) printItem(ctx context.Context, item PrintItem, s PrintSettings) error {
	if ctx.Err() != nil {
		return errors.New("已取消，没有打印")
	}
	pdf, err := item.PDF(ctx)
	if err != nil {
		return err
	}
	return p.Print(ctx, item.Title, pdf, s)
}
