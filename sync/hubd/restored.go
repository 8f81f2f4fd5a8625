package main

import (
	"context"
	"fmt"
	"strings"

	"anxin/model"
	"anxin/sync/hub"
)

// afterRestoreCmd is what is to be done once a backup was put back.
type afterRestoreCmd struct {
	Begin   restoredBeginCmd   `cmd:"" default:"withargs" help:"用别的办法恢复了数据库之后，开始新的一期（不写子命令就是它）。"`
	List    restoredListCmd    `cmd:"" help:"列出恢复以来收回了什么，还有什么待确认。"`
	Confirm restoredConfirmCmd `cmd:"" help:"确认一台笔记本出示的凭证：按其中所写入网、授权。"`
	Dismiss restoredDismissCmd `cmd:"" help:"不予确认一台笔记本；局里不认得的，就此停用。"`
}

type restoredBeginCmd struct{ place }

// Run begins a new life after the database was restored by other means.
func (c *restoredBeginCmd) Run(ctx context.Context, s streams) error { return c.begin(ctx, s) }

type restoredListCmd struct{ place }

// Run says what came back by itself and what waits for the bureau.
func (c *restoredListCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		r, err := h.Restored(ctx)
		if err != nil {
			return err
		}
		if r.Life == 1 {
			_, err = fmt.Fprintln(s.out, "局服务器没有从备份恢复过")
			return err
		}
		accounts, err := h.Accounts(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(s.out, told(r, accounts))
		return err
	})
}

// told words what became of a hub that was put back.
func told(r hub.Restored, accounts []hub.Account) string {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	say("第 %d 期，%s 开始；备份里最后一次联系是 %s", r.Life, when(r.At), when(r.Until))
	say("已自动收回：操作 %d 条；%d 台笔记本已联系，%d 台尚未联系；恢复停用 %d 台", r.Ops, r.Heard, len(r.Silent), len(r.Revoked))
	for _, d := range r.Silent {
		say("  尚未联系：%s %s", d.ID, d.Name)
	}
	for _, d := range r.Revoked {
		say("  已按公钥清单恢复停用：%s %s，停用于 %s", d.ID, d.Name, when(d.Revoked))
	}
	for _, d := range r.Copied {
		say("  可能有两台：%s %s 曾经恢复或复制过，而记录已发文号的文件没有保留下来；确认另一台不再使用之后，请用 numbers resume 恢复发号", d.ID, d.Name)
	}
	for _, w := range r.Claims {
		p := w.Pass
		switch {
		case w.Device.ID == "":
			say("待确认：%s %s，备份之后入网，范围 %s%s", p.Device, p.Name, p.Scope, grantsText("，授权 ", w.Added))
		default:
			say("待确认：%s %s，备份之后的授权变动%s%s", p.Device, w.Device.Name, grantsText("，增加 ", w.Added), grantsText("，收回 ", w.Lost))
		}
	}
	for _, u := range r.Unknown {
		say("未见其人：%s %s，别的笔记本认得，本机还没有联系；丢失的请用 after-restore dismiss", u.ID, u.Name)
	}
	say("请另行核对 %s 以后办理的：停用笔记本、收回授权、移交记录、账号开设与停用（现有账号 %s）", when(r.Until), accountsText(accounts))
	return out.String()
}

func grantsText(before string, grants []hub.Grant) string {
	if len(grants) == 0 {
		return ""
	}
	words := make([]string, len(grants))
	for i, g := range grants {
		words[i] = fmt.Sprintf("%s（%s）", g.Scope, g.Role)
	}
	return before + strings.Join(words, "、")
}

func accountsText(accounts []hub.Account) string {
	words := []string{}
	for _, a := range accounts {
		if !a.Disabled {
			words = append(words, a.Name)
		}
	}
	if len(words) == 0 {
		return "无"
	}
	return strings.Join(words, "、")
}

type restoredConfirmCmd struct{ deviceArg }

// Run gives a laptop what its pass says.
func (c *restoredConfirmCmd) Run(ctx context.Context, s streams) error {
	return c.act(ctx, s, "已确认", func(h *hub.Hub, id model.ID) error { return h.Confirm(ctx, id) })
}

type restoredDismissCmd struct{ deviceArg }

// Run ends the matter of a laptop.
func (c *restoredDismissCmd) Run(ctx context.Context, s streams) error {
	return c.act(ctx, s, "不予确认", func(h *hub.Hub, id model.ID) error { return h.Dismiss(ctx, id) })
}
