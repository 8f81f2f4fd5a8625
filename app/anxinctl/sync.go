package main

import "anxin/app/office"

// syncGroup is the exchange with the hub: by the line, or carried there and
// back on a USB stick.
type syncGroup struct {
	Now       syncCmd      `cmd:"" default:"withargs" help:"联网同步（默认）"`
	UsbOut    usbOutCmd    `cmd:"" help:"把等待上报的内容写成一份加密文件，用U盘带到局里"`
	UsbIn     usbInCmd     `cmd:"" help:"导入局里的回执文件"`
	Conflicts conflictsCmd `cmd:"" help:"列出冲突，两边的内容逐项对照"`
	Settle    settleCmd    `cmd:"" help:"了结一条记录的冲突"`
}

type usbOutCmd struct {
	File string `arg:"" help:"要写的文件" type:"path"`
}

// Run implements the command.
func (c *usbOutCmd) Run(s *session) error {
	if err := folderOf(c.File); err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		sum, err := o.UsbOut(s.ctx, c.File)
		if err != nil {
			return joinFirst(err)
		}
		s.printf("已写入 %s：操作 %d，文件 %d，%d 字节；请在局里运行 anxin-hub usb 导入，把回执文件带回\n", c.File, sum.Pushed, sum.Blobs, sum.Bytes)
		return nil
	})
}

type usbInCmd struct {
	File string `arg:"" help:"局里的回执文件" type:"path"`
}

// Run implements the command.
func (c *usbInCmd) Run(s *session) error {
	if err := openable(c.File); err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		sum, err := o.UsbIn(s.ctx, c.File)
		if err != nil {
			return joinFirst(err)
		}
		for _, n := range sum.Notes {
			s.printf("提示 %s\n", n)
		}
		if sum.Pushed+sum.Pulled+sum.Blobs == 0 {
			s.printf("这份回执以前已经导入过，或者没有新内容\n")
			return nil
		}
		s.printf("局里已收到 %d，下载 %d，文件 %d\n", sum.Pushed, sum.Pulled, sum.Blobs)
		return nil
	})
}
