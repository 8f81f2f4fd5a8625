package main

import (
	"context"
	"fmt"

	"anxin/sync/hub"
)

type usbCmd struct {
	place
	File string `arg:"" type:"path" placeholder:"文件" help:"笔记本写出的报送文件。"`
	Out  string `required:"" type:"path" placeholder:"FILE" help:"写给这台笔记本的回执文件。"`
}

// Run takes what a laptop without a line sent by hand, and writes the answer
// that goes back to it.
func (c *usbCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		report, err := h.Usb(ctx, c.File, c.Out)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "已收取 %s 的操作 %d 条（新的 %d 条）、材料 %d 件，回执写在 %s\n",
			report.Name, report.Ops, report.Fresh, report.Files, c.Out)
		return err
	})
}
