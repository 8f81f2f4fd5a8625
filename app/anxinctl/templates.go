package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"anxin/app/office"
	"anxin/app/terminal"
	"anxin/assets"
	"anxin/forms/paper"
	"anxin/model/seal"
)

// papersCmd looks after templates, printers and scans.
type papersCmd struct {
	Check    papersCheckCmd    `cmd:"" help:"检查文书模板，逐个文件指出错误"`
	List     papersListCmd     `cmd:"" help:"列出文书种类和字段"`
	Draft    papersDraftCmd    `cmd:"" help:"起草一份文书，内容从案件带入"`
	Answers  papersAnswersCmd  `cmd:"" help:"文书表单的各项和已填的内容，或者填写草稿"`
	Issue    issueCmd          `cmd:"" help:"签发文书草稿"`
	Sample   papersSampleCmd   `cmd:"" help:"每种文书印一份填好的样张"`
	Printers papersPrintersCmd `cmd:"" help:"列出打印机"`
	Scan     papersScanCmd     `cmd:"" help:"登记签署件扫描件：各页自动归到文书"`
}

// templatesOf is a folder of templates, or the program's own.
func templatesOf(dir string) (fs.FS, error) {
	if dir == "" {
		return assets.Papers, nil
	}
	switch info, err := os.Stat(dir); {
	case err != nil:
		return nil, fmt.Errorf("找不到文件夹“%s”，请核对路径", dir)
	case !info.IsDir():
		return nil, fmt.Errorf("“%s”是一个文件，请写模板所在的文件夹", dir)
	}
	return ownTemplates{os.DirFS(dir)}, nil
}

// ownTemplates are an office's own. What they build on and does not stand
// beside them is the program's: parts, the elements the law wants, sample data.
type ownTemplates struct{ fs.FS }

// Open implements fs.FS.
func (o ownTemplates) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	if errors.Is(err, fs.ErrNotExist) && path.Ext(name) != ".paper" {
		return assets.Papers.Open(name)
	}
	return f, err
}

func pressOf(dir string) (*paper.Press, fs.FS, error) {
	papers, err := templatesOf(dir)
	if err != nil {
		return nil, nil, err
	}
	p, err := paper.NewPress(papers, assets.Face)
	return p, papers, err
}

type papersCheckCmd struct {
	Dir string `arg:"" optional:"" help:"模板文件夹；不写则检查程序自带的" type:"path"`
}

// Run implements the command.
func (c *papersCheckCmd) Run(s *session) error {
	papers, err := templatesOf(c.Dir)
	if err != nil {
		return err
	}
	p, err := paper.NewPress(papers, assets.Face)
	if err != nil {
		for _, line := range strings.Split(err.Error(), "\n") {
			s.printf("%s\n", line)
		}
		return errSaid
	}
	wrong := 0
	for _, t := range p.Types() {
		// An empty draft sets every word of the template itself.
		if _, err := p.Print(paper.Job{Type: t, Mark: paper.MarkDraft}); err != nil {
			wrong++
			s.printf("%s\n", terminal.Sentence(err))
		}
	}
	if len(p.Types()) == 0 {
		return errors.New("文件夹里没有文书模板（*.paper）")
	}
	s.printf("共 %d 个模板，%d 个有错\n", len(p.Types()), wrong)
	if wrong > 0 {
		return errSaid
	}
	return nil
}

type papersListCmd struct {
	Dir  string `arg:"" optional:"" help:"模板文件夹；不写则列出程序自带的" type:"path"`
	JSON bool   `help:"以 JSON 输出，含全部字段"`
}

// listedPaper is one type of document as papers list prints it.
type listedPaper struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Copies []string      `json:"copies,omitempty"`
	Fields []listedField `json:"fields"`
}

type listedField struct {
	Name     string        `json:"name"`
	Kind     paper.Kind    `json:"kind"`
	Label    string        `json:"label"`
	Required bool          `json:"required,omitempty"`
	Options  []string      `json:"options,omitempty"`
	Columns  []listedField `json:"columns,omitempty"`
}

func listFields(fields []paper.Field) []listedField {
	var out []listedField
	for _, f := range fields {
		out = append(out, listedField{f.Name, f.Kind, f.Label, f.Required, f.Options, listFields(f.Columns)})
	}
	return out
}

// Run implements the command.
func (c *papersListCmd) Run(s *session) error {
	p, _, err := pressOf(c.Dir)
	if err != nil {
		return err
	}
	list := []listedPaper{}
	for _, t := range p.Types() {
		list = append(list, listedPaper{t, p.Title(t), p.Copies(t), listFields(p.Fields(t))})
	}
	if c.JSON {
		return s.json(list)
	}
	for _, x := range list {
		s.printf("%-5s %s（%d 个字段）\n", x.Type, x.Title, len(x.Fields))
	}
	s.printf("共 %d 种文书\n", len(list))
	return nil
}

type papersSampleCmd struct {
	Out   string `required:"" help:"写到哪个文件夹" type:"path"`
	Dir   string `help:"模板文件夹；不写则用程序自带的" type:"path"`
	Watch bool   `help:"边改边看：模板一保存就重印样张，错误指出文件和行，按 Ctrl+C 结束"`
}

// Run implements the command.
func (c *papersSampleCmd) Run(s *session) error {
	if !c.Watch {
		return c.print(s)
	}
	if c.Dir == "" {
		return errors.New("--watch 要用 --dir 写明正在修改的模板文件夹")
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	return c.watch(s, tick.C)
}

// watch prints the samples again whenever a file of the folder has changed; a
// fault is told and the last good samples stay. It ends with the session.
func (c *papersSampleCmd) watch(s *session, tick <-chan time.Time) error {
	seen := ""
	for {
		now, err := stampOf(c.Dir)
		if err != nil {
			return err
		}
		if now != seen {
			seen = now
			if err := c.print(s); err != nil {
				s.printf("%s\n", terminal.Sentence(err))
			}
		}
		select {
		case <-s.ctx.Done():
			return nil
		case _, more := <-tick:
			if !more {
				return nil
			}
		}
	}
}

// stampOf changes when a file of a folder does.
func stampOf(dir string) (string, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("找不到文件夹“%s”，请核对路径", dir)
	}
	var out strings.Builder
	for _, e := range list {
		if info, err := e.Info(); err == nil {
			fmt.Fprintln(&out, e.Name(), info.Size(), info.ModTime().UnixNano())
		}
	}
	return out.String(), nil
}

func (c *papersSampleCmd) print(s *session) error {
	p, papers, err := pressOf(c.Dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("建立文件夹: %w", err)
	}
	for _, t := range p.Types() {
		job, err := office.SampleOf(p, papers, t)
		if err != nil {
			return err
		}
		out, err := p.Print(job)
		if err != nil {
			return fmt.Errorf("%s 的样张: %w", t, err)
		}
		file := filepath.Join(c.Out, t+" "+p.TitleFor(t, job.Fields)+".pdf")
		if err := seal.WriteFile(file, out.PDF); err != nil {
			return err
		}
		s.printf("%s，%d 页\n", file, out.Pages)
	}
	s.printf("共 %d 种文书\n", len(p.Types()))
	return nil
}

type papersPrintersCmd struct {
	JSON bool `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *papersPrintersCmd) Run(s *session) error {
	list, err := office.NewPrinter().Printers(s.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return s.json(list)
	}
	for _, p := range list {
		mark := ""
		if p.Default {
			mark = "（默认）"
		}
		s.printf("%s%s\n", p.Name, mark)
	}
	s.printf("共 %d 台打印机\n", len(list))
	return nil
}

type papersScanCmd struct {
	Files []string `arg:"" help:"扫描件：png、jpg 或者 pdf，次序不限" type:"path"`
	Dry   bool     `help:"只识别，不登记"`
	JSON  bool     `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *papersScanCmd) Run(s *session) error {
	var files []office.ScanFile
	for _, f := range c.Files {
		raw, err := office.ReadScanFile(f)
		if err != nil {
			return err
		}
		files = append(files, raw)
	}
	return s.with(func(o *office.Office) error {
		viewer := office.NewViewer()
		defer viewer.Close()
		found, err := o.ReadScans(s.ctx, viewer, files)
		if err != nil {
			return err
		}
		if !c.Dry {
			if err := o.KeepScans(s.ctx, found); err != nil {
				return err
			}
		}
		if c.JSON {
			return s.json(found)
		}
		s.scanned(found)
		return nil
	})
}

func (s *session) scanned(found *office.Scanned) {
	for _, d := range found.Documents {
		s.printf("%s %s：%d 页扫描件\n", d.Title, d.Number, len(d.Pages))
		if len(d.Missing) > 0 {
			s.printf("  缺第 %v 页\n", d.Missing)
		}
		if len(d.Twice) > 0 {
			s.printf("  第 %v 页重复\n", d.Twice)
		}
		for _, p := range d.Pages {
			if len(p.Unsigned) > 0 {
				s.printf("  第 %d 页没有看到签署：%s\n", p.Page, strings.Join(p.Unsigned, "、"))
			}
		}
	}
	for _, p := range found.Strays {
		s.printf("%s 第 %d 页：%s\n", p.File, p.At, p.Why)
	}
}
