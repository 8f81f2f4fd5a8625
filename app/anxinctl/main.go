// Command anxinctl is 安薪 from a terminal: the same use cases on the same data
// folder, without a window.
//
// Rules of the surface: results on standard output, one sentence on standard
// error and a non-zero exit for what went wrong; nothing is asked for but the
// passphrase, and that only at a terminal; nothing personal in what is logged.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"anxin/app/office"
	"anxin/app/terminal"
)

// cli is the command line.
type cli struct {
	Data string `help:"数据文件夹，不写则用本人的设置文件夹" placeholder:"DIR" env:"ANXIN_DATA" type:"path"`

	Init     initCmd      `cmd:"" help:"新建单位"`
	Import   importCmd    `cmd:"" help:"导入名册或工资表"`
	List     listCmd      `cmd:"" help:"列出一类记录"`
	Show     showCmd      `cmd:"" help:"显示一条记录及其修改历史"`
	Today    todayCmd     `cmd:"" help:"今日待办"`
	Evidence evidenceCmd  `cmd:"" help:"把文件登记为证据"`
	Issue    issueCmd     `cmd:"" help:"签发文书草稿"`
	Print    printCmd     `cmd:"" help:"导出已签发文书的 PDF，或者送打印机打印"`
	Papers   papersCmd    `cmd:"" help:"文书：检查模板、列出种类、印样张、打印机、登记扫描件"`
	File     fileCmd      `cmd:"" help:"案卷：立卷成一个 PDF"`
	Numbers  numbersGroup `cmd:"" help:"文号：号段、台账、作废、退回、改编"`
	Enrol    enrolCmd     `cmd:"" help:"用入网码接入中心"`
	Sync     syncGroup    `cmd:"" help:"与中心同步：联网，或者用U盘"`
	Verify   verifyCmd    `cmd:"" help:"核验文书：令牌、页面图片或者 PDF"`
	Holidays holidaysCmd  `cmd:"" help:"导入一年的放假安排，并重新计算期限"`
	Store    storeCmd     `cmd:"" help:"数据：检查、重建、备份、恢复、修改历史"`
	Search   searchCmd    `cmd:"" help:"在全部记录里查找"`
	Day      dayCmd       `cmd:"" help:"走完示例的一天"`
	Clock    clockCmd     `cmd:"" help:"计算法定期限"`
	Check    checkCmd     `cmd:"" help:"核对号码或者金额"`
	Case     caseCmd      `cmd:"" help:"案件：立案、联系记录、案卷自查、案卷包"`
	Employer employerCmd  `cmd:"" help:"用人单位和工程项目：找出重复的、合并、分开"`
	Visit    visitGroup   `cmd:"" help:"检查：安排、审批、通知、制作笔录"`
	Draw     drawGroup    `cmd:"" help:"随机抽查：抽取、核验、公示"`
	Office   officeGroup  `cmd:"" help:"本单位的设置：显示、修改"`
	Ledgers  ledgersCmd   `cmd:"" help:"台账和年度数据：一段日期内的线索、检查、案件、整改、送达等"`
	Forms    formsCmd     `cmd:"" help:"表单：检查、导出、试填，表单包"`
	Keys     keysCmd      `cmd:"" help:"签名密钥：清单、算法，以及本机是否免输口令"`
}

// session is what a command works with.
type session struct {
	ctx   context.Context
	dir   string
	marks string // outside the data folder
	out   io.Writer
	errs  io.Writer
	pass  func(prompt string) (string, error)
	free  func() error // lets go of the data folder; nil where it is not held
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], office.Marks(), os.Stdout, os.Stderr))
}

// asked is the command whose arguments were not understood, as it is called.
func asked(err error) string {
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil && wrong.Context.Selected() != nil {
		return wrong.Context.Selected().FullPath()
	}
	return "anxinctl"
}

// run is the program with its surroundings given; it returns the exit code.
func run(ctx context.Context, args []string, marks string, out, errs io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("anxinctl"), kong.Description("安薪：劳动保障监察现场执法（终端）\n口令取自环境变量 ANXIN_PASSPHRASE，没有设置就在终端里询问"),
		kong.Writers(out, errs), kong.Help(terminal.Help), kong.Exit(func(code int) { exit = code }))
	if err != nil {
		fmt.Fprintln(errs, "anxinctl:", err)
		return 2
	}
	k, err := parser.Parse(args)
	if exit >= 0 {
		return exit // help was asked for and printed
	}
	if err != nil {
		fmt.Fprintf(errs, "anxinctl: %s；用 %s --help 查看用法\n", terminal.Complaint(err), asked(err))
		return 2
	}
	if c.Data == "" {
		c.Data = defaultDir()
	}
	s := &session{ctx: ctx, dir: c.Data, marks: marks, out: out, errs: errs, pass: passphrase}
	defer s.release()
	if err := k.Run(s); err != nil {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(errs, "anxinctl:", terminal.Sentence(err))
		}
		return 1
	}
	return 0
}

// errSaid ends a command that has said already what is wrong.
var errSaid = errors.New("said")

func defaultDir() string {
	base, err := os.UserConfigDir()
	if err != nil {
		base = "."
	}
	return filepath.Join(base, "anxin")
}

// passphraseVariable is the environment variable a script gives the passphrase
// in.
const passphraseVariable = "ANXIN_PASSPHRASE"

// passphrase comes from ANXIN_PASSPHRASE or, at a terminal, is asked for.
func passphrase(prompt string) (string, error) {
	if p := os.Getenv(passphraseVariable); p != "" {
		return p, nil
	}
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		return "", errors.New("需要口令：请在终端中运行，或者设置环境变量 ANXIN_PASSPHRASE")
	}
	fmt.Fprint(os.Stderr, prompt)
	raw, err := term.ReadPassword(in)
	fmt.Fprintln(os.Stderr)
	return string(raw), err
}

// open unlocks the data folder.
func (s *session) open() (*office.Office, error) {
	if !office.Exists(s.dir) {
		return nil, fmt.Errorf("“%s”里还没有数据，请先运行 anxinctl init，或者用 --data 指定文件夹", s.dir)
	}
	if err := s.hold(); err != nil {
		return nil, err
	}
	if o, err := s.trusted(); o != nil || err != nil {
		return o, err
	}
	p, err := s.pass("口令：")
	if err != nil {
		return nil, err
	}
	return office.Open(s.ctx, s.options(), p)
}

// hold takes the data folder for this command; run releases it.
func (s *session) hold() (err error) {
	if s.free == nil {
		s.free, err = office.Hold(s.dir)
	}
	return err
}

func (s *session) release() {
	if s.free != nil {
		s.free() // the lock ends with the program at the latest
	}
}

// with runs a command on the open office and closes it.
func (s *session) with(do func(*office.Office) error) error {
	o, err := s.open()
	if err != nil {
		return err
	}
	return errors.Join(do(o), o.Close())
}

// progress shows how far a long command is, where somebody watches a terminal.
func (s *session) progress(format string, args ...any) {
	if f, ok := s.errs.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprintf(f, format, args...)
	}
}

func (s *session) printf(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

func (s *session) json(v any) error {
	e := json.NewEncoder(s.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
