package main

import (
	"anxin/app/office"
	"anxin/model"
)

// fileCmd is the file of a case.
type fileCmd struct {
	Build fileBuildCmd `cmd:"" help:"立卷：封面、目录、文书、证据、扫描件和自查表装订成一个 PDF"`
}

type fileBuildCmd struct {
	ID     string `arg:"" help:"案件编号"`
	Out    string `required:"" help:"写到哪个 PDF 文件" type:"path"`
	Bundle string `help:"另外写一份由本机签名的包" type:"path"`
	JSON   bool   `help:"以 JSON 输出卷内目录"`
}

// Run implements the command.
func (c *fileBuildCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	for _, path := range []string{c.Out, c.Bundle} {
		if path == "" {
			continue
		}
		if err := folderOf(path); err != nil {
			return err
		}
	}
	return s.with(func(o *office.Office) error {
		file, err := o.BuildFile(s.ctx, id, func(done float64, _ string) { s.progress("\r%3.0f%%", done*100) })
		s.progress("\r")
		if err != nil {
			return err
		}
		if err := o.WriteFile(file, c.Out, c.Bundle); err != nil {
			return err
		}
		if c.JSON {
			return s.json(file)
		}
		s.printf("%s：%d 件材料，%d 页（编号 %d 页，另有封面、目录和自查表）；自查未通过 %d 项\n",
			c.Out, len(file.Pieces), file.Pages, file.Numbered, file.Failed)
		for _, why := range file.Absent {
			s.printf("未装入 %s\n", why)
		}
		return nil
	})
}
