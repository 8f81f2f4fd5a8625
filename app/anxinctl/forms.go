package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anxin/app/office"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/pack"
	"anxin/forms/xlsform"
	"anxin/model"
	"anxin/model/seal"
)

// formsCmd is the work on forms: writing them, and handing them to laptops.
type formsCmd struct {
	Check    formsCheckCmd    `cmd:"" help:"检查表单文件（.xlsx、.md 或 CSV 文件夹），一次列出全部问题"`
	Export   formsExportCmd   `cmd:"" help:"把程序自带或已安装的表单导出为 .xlsx，供修改"`
	Run      formsRunCmd      `cmd:"" help:"用一份答案试填表单，以 JSON 输出显示、必填、错误和计算结果"`
	Pack     formsPackCmd     `cmd:"" help:"把表单和文书模板做成签名的表单包"`
	Install  formsInstallCmd  `cmd:"" help:"安装表单包，同步后全单位可用"`
	Withdraw formsWithdrawCmd `cmd:"" help:"停用表单包"`
	List     formsListCmd     `cmd:"" help:"列出已安装的表单包"`
}

// readForm compiles a file, or a folder of CSV files, and says of every
// problem in which file it is.
func readForm(path string) (*forms.Form, error) {
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("找不到“%s”，请核对路径", path)
	}
	var form *forms.Form
	switch {
	case info.IsDir():
		form, err = xlsform.CompileCSV(os.DirFS(path), name)
	case strings.EqualFold(filepath.Ext(path), ".xlsx"):
		form, err = readWorkbook(path, name)
	case strings.EqualFold(filepath.Ext(path), ".md"):
		form, err = readMarkdown(path, name)
	default:
		return nil, fmt.Errorf("“%s”应是 .xlsx、.md 文件或者放 CSV 的文件夹", path)
	}
	var faults *xlsform.Error
	if errors.As(err, &faults) {
		return nil, &formFaults{path, faults}
	}
	return form, err
}

func readWorkbook(path, name string) (*forms.Form, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("打开“%s”: %w", path, err)
	}
	defer f.Close()
	return xlsform.CompileWorkbook(f, name)
}

func readMarkdown(path, name string) (*forms.Form, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("打开“%s”: %w", path, err)
	}
	return xlsform.CompileMarkdown(string(raw), name)
}

// formFaults is what is wrong with a form file.
type formFaults struct {
	path   string
	faults *xlsform.Error
}

func (f *formFaults) Error() string {
	lines := make([]string, len(f.faults.Problems))
	for i, p := range f.faults.Problems {
		lines[i] = f.path + "：" + p.String()
	}
	return strings.Join(lines, "\n")
}

// formFaults lists what is wrong with a form, one problem a line; another error
// stays as it is.
func (s *session) formFaults(err error) error {
	var faults *formFaults
	if !errors.As(err, &faults) {
		return err
	}
	s.printf("%v\n共 %d 处问题\n", faults, len(faults.faults.Problems))
	return errSaid
}

type formsCheckCmd struct {
	File string `arg:"" help:"表单文件或文件夹" type:"path"`
}

// Run implements the command.
func (c *formsCheckCmd) Run(s *session) error {
	form, err := readForm(c.File)
	if err != nil {
		return s.formFaults(err)
	}
	questions, sections := 0, 0
	form.Each(func(q *forms.Question) {
		if q.IsContainer() {
			sections++
		} else {
			questions++
		}
	})
	s.printf("%s（%s）版本 %s：%d 题，%d 组，没有问题\n", form.Title.In("zh"), form.ID, orNone(form.Version), questions, sections)
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "（未写）"
	}
	return s
}

type formsExportCmd struct {
	ID   string `arg:"" help:"表单编号，如 order；已安装的写 编号@版本" example:"order order.xlsx"`
	File string `arg:"" help:"写到哪个 .xlsx 文件" type:"path"`
}

// Run implements the command.
func (c *formsExportCmd) Run(s *session) error {
	if !strings.Contains(c.ID, "@") {
		src, err := fs.ReadFile(assets.Forms, c.ID+".md")
		if err != nil {
			return fmt.Errorf("没有名为“%s”的表单，可用的有：%s", c.ID, strings.Join(ownForms(), "、"))
		}
		return c.write(s, src)
	}
	return s.with(func(o *office.Office) error {
		e, err := installed(s, o, c.ID)
		if err != nil {
			return err
		}
		if e.Package == nil {
			return fmt.Errorf("表单包 %s 不能使用：%s", c.ID, e.Fault)
		}
		if filepath.Ext(e.Package.Name) == ".md" {
			return c.write(s, e.Package.Source)
		}
		return c.save(s, e.Package.Source)
	})
}

func (c *formsExportCmd) write(s *session, markdown []byte) error {
	var b bytes.Buffer
	if err := xlsform.ExportWorkbook(&b, string(markdown)); err != nil {
		return err
	}
	return c.save(s, b.Bytes())
}

// save writes the workbook, but never over one that somebody may have changed.
func (c *formsExportCmd) save(s *session, workbook []byte) error {
	if err := folderOf(c.File); err != nil {
		return err
	}
	if _, err := os.Lstat(c.File); err == nil {
		return fmt.Errorf("“%s”已经存在，为免盖掉改过的表单，请换一个文件名", c.File)
	}
	if err := seal.WriteFile(c.File, workbook); err != nil {
		return err
	}
	s.printf("%s → %s\n", c.ID, c.File)
	return nil
}

// ownForms lists the forms the program carries.
func ownForms() []string {
	names, _ := fs.Glob(assets.Forms, "*.md") // the pattern is right
	for i, n := range names {
		names[i] = strings.TrimSuffix(n, ".md")
	}
	return names
}

type formsRunCmd struct {
	File    string `arg:"" help:"表单文件或文件夹" type:"path"`
	Answers string `help:"答案文件：{\"题名\": 值}，或者程序写出的完整答案" type:"path"`
}

// Run implements the command. A form that cannot be issued as answered ends
// with a non-zero exit.
func (c *formsRunCmd) Run(s *session) error {
	form, err := readForm(c.File)
	if err != nil {
		return s.formFaults(err)
	}
	in, err := forms.New(form, forms.Env{Now: now, Language: "zh"})
	if err != nil {
		return err
	}
	if c.Answers != "" {
		if err := loadAnswers(in, c.Answers); err != nil {
			return err
		}
	}
	out := trialOf(in)
	if err := s.json(out); err != nil {
		return err
	}
	if len(out.Errors) > 0 {
		return errSaid
	}
	return nil
}

// loadAnswers reads the whole record of an instance, ODK's XML, or a plain
// object of answers by name.
func loadAnswers(in *forms.Instance, path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("找不到答案文件“%s”，请核对路径", path)
	}
	if strings.EqualFold(filepath.Ext(path), ".xml") {
		err = in.LoadXML(raw)
	} else {
		var flat map[string]any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&flat); err != nil {
			return fmt.Errorf("答案文件“%s”不是 JSON，请核对：%w", path, err)
		}
		if _, whole := flat["answers"]; whole {
			err = in.LoadJSON(raw)
		} else {
			err = in.LoadFlat(flat)
		}
	}
	if err != nil {
		return fmt.Errorf("答案文件“%s”：%w", path, err)
	}
	return nil
}

// trial is what a form makes of answers.
type trial struct {
	Form     string          `json:"form"`
	Version  string          `json:"version,omitempty"`
	Name     string          `json:"name,omitempty"`
	Nodes    []trialNode     `json:"nodes"`
	Errors   []forms.Problem `json:"errors"`
	Printed  map[string]any  `json:"printed"`
	Answered int             `json:"answered"`
}

type trialNode struct {
	Path     string `json:"path"`
	Type     string `json:"type"`
	Label    string `json:"label,omitempty"`
	Value    string `json:"value,omitempty"`
	Relevant bool   `json:"relevant"`
	Required bool   `json:"required,omitempty"`
	Readonly bool   `json:"readonly,omitempty"`
	Error    string `json:"error,omitempty"`
}

func trialOf(in *forms.Instance) trial {
	form := in.Form()
	out := trial{Form: form.ID, Version: form.Version, Name: in.Name(), Errors: in.Errors(), Printed: in.Printable()}
	if out.Errors == nil {
		out.Errors = []forms.Problem{}
	}
	for _, n := range in.All() {
		out.Nodes = append(out.Nodes, trialNode{n.Path, string(n.Question.Type), n.Label, n.Value, n.Relevant, n.Required, n.Readonly, n.Error})
		if n.Value != "" && !n.Question.IsContainer() {
			out.Answered++
		}
	}
	return out
}

type formsPackCmd struct {
	Form   string   `arg:"" help:"表单文件（.xlsx 或 .md）" type:"path"`
	Out    string   `required:"" help:"写到哪个文件，如 D06-2026-07.anxin" type:"path"`
	Papers []string `help:"文书模板（.paper、.part），可写多次" type:"path"`
	From   string   `required:"" help:"启用日期，如 2026-07-01"`
	To     string   `help:"停用日期"`
	Law    string   `help:"依据的法规表版本"`
}

// Run implements the command.
func (c *formsPackCmd) Run(s *session) error {
	for _, d := range []string{c.From, c.To} {
		if _, err := time.Parse(time.DateOnly, d); d != "" && err != nil {
			return fmt.Errorf("“%s”不是日期，请写成 2026-07-01", d)
		}
	}
	if _, err := readForm(c.Form); err != nil {
		return s.formFaults(err)
	}
	raw, err := os.ReadFile(c.Form)
	if err != nil {
		return fmt.Errorf("打开“%s”: %w", c.Form, err)
	}
	src := pack.Source{Name: filepath.Base(c.Form), Form: raw, Papers: map[string][]byte{}, Law: c.Law, ValidFrom: model.Date(c.From), ValidTo: model.Date(c.To)}
	for _, path := range c.Papers {
		paper, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("找不到模板“%s”，请核对路径", path)
		}
		src.Papers[filepath.Base(path)] = paper
	}
	return s.with(func(o *office.Office) error {
		made, err := o.MakePackage(src)
		if err != nil {
			return err
		}
		if err := seal.WriteFile(c.Out, made); err != nil {
			return err
		}
		s.printf("%s（%d KB），由本机 %s 签名\n", c.Out, (len(made)+1023)>>10, o.Device().KeyID())
		return nil
	})
}

type formsInstallCmd struct {
	File string `arg:"" help:"表单包文件" type:"path"`
	Keys string `help:"制作单位给的密钥清单；由外单位制作的包才需要" type:"path"`
}

// Run implements the command.
func (c *formsInstallCmd) Run(s *session) error {
	info, err := os.Stat(c.File)
	if err != nil || info.Size() > model.MaxFormPackage {
		return fmt.Errorf("“%s”不是表单包：找不到，或者超过 %d KB", c.File, model.MaxFormPackage>>10)
	}
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("打开“%s”: %w", c.File, err)
	}
	var vouched []model.PublicKey
	if c.Keys != "" {
		if vouched, err = office.ReadKeys(c.Keys); err != nil {
			return err
		}
	}
	return s.with(func(o *office.Office) error {
		e, err := o.InstallPackage(s.ctx, raw, vouched)
		if err != nil {
			return fmt.Errorf("“%s”: %w", c.File, err)
		}
		s.printf("已安装 %s@%s，%s起启用；同步后全单位可用\n", e.Record.Form, e.Record.Version, e.Record.ValidFrom.Chinese())
		return nil
	})
}

type formsWithdrawCmd struct {
	Edition string `arg:"" help:"编号@版本" example:"D06@2026-01"`
	Reason  string `required:"" help:"停用的理由"`
}

// Run implements the command.
func (c *formsWithdrawCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		e, err := installed(s, o, c.Edition)
		if err != nil {
			return err
		}
		if err := o.Desk.WithdrawPackage(s.ctx, e.ID, c.Reason); err != nil {
			return err
		}
		s.printf("已停用 %s；已按它起草的文书不受影响\n", c.Edition)
		return nil
	})
}

// installed finds an installed package by its edition.
func installed(s *session, o *office.Office, edition string) (*office.Edition, error) {
	list, err := o.Editions(s.ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if model.EditionOf(e.Record.Form, e.Record.Version) == edition {
			return e, nil
		}
	}
	return nil, fmt.Errorf("没有安装表单包 %s，用 anxinctl forms list 查看已安装的", edition)
}

type formsListCmd struct{}

// Run implements the command.
func (c *formsListCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		list, err := o.Editions(s.ctx)
		if err != nil {
			return err
		}
		for _, e := range list {
			s.printf("%s@%s  %s  %s起", e.Record.Form, e.Record.Version, e.Record.State, e.Record.ValidFrom)
			if e.Record.ValidTo != "" {
				s.printf("至%s", e.Record.ValidTo)
			}
			if e.Package != nil {
				s.printf("  %s", e.Package.Title)
			}
			if e.Fault != "" {
				s.printf("  不能使用：%s", e.Fault)
			}
			s.printf("\n")
		}
		s.printf("共 %d 个表单包\n", len(list))
		return nil
	})
}
