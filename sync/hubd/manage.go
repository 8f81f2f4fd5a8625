package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anxin/app/terminal"
	"anxin/model"
	"anxin/sync/hub"
)

type enrolCmd struct {
	place
	Name string        `required:"" help:"这台笔记本由谁使用。"`
	Life time.Duration `default:"15m" help:"入网码的有效时间。"`
	// Scope is where the laptop's records live.
	Scope string `placeholder:"甲县/东街道" help:"这台笔记本的记录范围；不写则为“本局”。"`
}

// Run prints the code, one line and nothing else; what to do with it is said
// beside.
func (c *enrolCmd) Run(ctx context.Context, s streams) error {
	if c.Life <= 0 {
		return errors.New("入网码的有效时间应大于零，如 15m、2h")
	}
	return c.with(ctx, hub.Options{CodeLife: c.Life}, func(h *hub.Hub) error {
		code, err := h.Invite(ctx, c.Name, c.Scope)
		if err == nil {
			_, err = fmt.Fprintln(s.out, code)
			fmt.Fprintf(s.log, "入网码只能用一次，%d 分钟内有效；在笔记本的“同步”页粘贴，或者运行 anxinctl enrol\n", int(c.Life.Minutes()))
		}
		return err
	})
}

type deviceCmd struct {
	List   deviceListCmd   `cmd:"" help:"列出已入网的笔记本。"`
	Revoke deviceRevokeCmd `cmd:"" help:"停用一台笔记本。"`
	Renew  deviceRenewCmd  `cmd:"" help:"为太久没有联系的笔记本续期。"`
}

type deviceListCmd struct{ place }

// Run prints one line per laptop.
func (c *deviceListCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		list, err := h.Devices(ctx)
		if err != nil {
			return err
		}
		table := terminal.NewColumns(s.out)
		fmt.Fprintln(table, "设备\t使用人\t范围\t期\t入网\t最后联系\t未上报\t证书到期\t状态")
		for _, d := range list {
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\t%d\t%s\t%s\n", d.ID, d.Name, d.Scope, d.Epoch, when(d.Enrolled), when(d.Seen),
				d.Pending, when(d.Until), standing(d))
		}
		return table.Flush()
	})
}

func standing(d hub.Device) string {
	if d.Revoked.IsZero() {
		return "正常"
	}
	return "已停用 " + when(d.Revoked)
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}

// deviceArg names one laptop.
type deviceArg struct {
	place
	Device string `arg:"" placeholder:"设备" help:"设备编号，见 device list。"`
}

// act does something to the laptop and says so.
func (c deviceArg) act(ctx context.Context, s streams, done string, fn func(*hub.Hub, model.ID) error) error {
	id, err := model.ParseID(c.Device)
	if err != nil {
		return err
	}
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		err := fn(h, id)
		if errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("没有编号为 %s 的笔记本，请用 device list 查看", id)
		}
		if err == nil {
			_, err = fmt.Fprintln(s.out, done, id)
		}
		return err
	})
}

type deviceRevokeCmd struct{ deviceArg }

// Run shuts a laptop out.
func (c *deviceRevokeCmd) Run(ctx context.Context, s streams) error {
	return c.act(ctx, s, "已停用", func(h *hub.Hub, id model.ID) error { return h.Revoke(ctx, id) })
}

type deviceRenewCmd struct{ deviceArg }

// Run begins a laptop's certificate anew.
func (c *deviceRenewCmd) Run(ctx context.Context, s streams) error {
	return c.act(ctx, s, "已续期", func(h *hub.Hub, id model.ID) error { return h.Renew(ctx, id) })
}

type scopeCmd struct {
	List     scopeListCmd     `cmd:"" help:"列出各范围的记录变动数，以及谁能办理、查阅。"`
	Grant    scopeGrantCmd    `cmd:"" help:"准许一台笔记本办理或查阅一个范围及其下级。"`
	Withdraw scopeWithdrawCmd `cmd:"" help:"收回准许。"`
	Move     scopeMoveCmd     `cmd:"" help:"把一条记录移交到另一个范围。"`
}

type scopeListCmd struct{ place }

// Run prints one line per scope, then one per grant.
func (c *scopeListCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		scopes, err := h.Scopes(ctx)
		if err != nil {
			return err
		}
		devices, err := h.Devices(ctx)
		if err != nil {
			return err
		}
		table := terminal.NewColumns(s.out)
		fmt.Fprintln(table, "范围\t变动数")
		for _, scope := range scopes {
			fmt.Fprintf(table, "%s\t%d\n", scope.Name, scope.Head)
		}
		fmt.Fprintln(table, "\n设备\t使用人\t范围\t权限")
		for _, d := range devices {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", d.ID, d.Name, d.Scope, hub.RoleWrite)
			for _, g := range d.Grants {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", d.ID, d.Name, g.Scope, g.Role)
			}
		}
		return table.Flush()
	})
}

type scopeGrantCmd struct {
	deviceArg
	Scope string `required:"" help:"范围，如“甲县/东街道”。"`
	Role  string `default:"办理" help:"“办理”可读可写，“查阅”只读。"`
}

// Run grants.
func (c *scopeGrantCmd) Run(ctx context.Context, s streams) error {
	return c.act(ctx, s, "已授权", func(h *hub.Hub, id model.ID) error { return h.Grant(ctx, id, c.Scope, c.Role) })
}

type scopeWithdrawCmd struct {
	deviceArg
	Scope string `required:"" help:"范围，如“甲县/东街道”。"`
}

// Run takes a grant back.
func (c *scopeWithdrawCmd) Run(ctx context.Context, s streams) error {
	return c.act(ctx, s, "已收回", func(h *hub.Hub, id model.ID) error { return h.Grant(ctx, id, c.Scope, "") })
}

type scopeMoveCmd struct {
	place
	Record string `arg:"" placeholder:"记录" help:"记录编号。"`
	Scope  string `required:"" help:"移交到的范围。"`
}

// Run moves a record.
func (c *scopeMoveCmd) Run(ctx context.Context, s streams) error {
	id, err := model.ParseID(c.Record)
	if err != nil {
		return err
	}
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		err := h.Move(ctx, id, c.Scope)
		if errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("局里没有编号为 %s 的记录，请核对编号", id)
		}
		if err == nil {
			_, err = fmt.Fprintf(s.out, "已移交 %s 到 %s\n", id, c.Scope)
		}
		return err
	})
}

type numbersCmd struct {
	List   numbersListCmd   `cmd:"" help:"各序列的台账：已用、作废、退回、在笔记本上、没有说明的号。"`
	Add    numbersAddCmd    `cmd:"" help:"登记程序之外已经使用或另行分配的号段，不再发出。"`
	Resume numbersResumeCmd `cmd:"" help:"恢复备份后，不再等没有联系的笔记本，恢复发号。"`
}

type numbersListCmd struct{ place }

// Run prints one line per series.
func (c *numbersListCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		list, err := h.Ledgers(ctx)
		if err != nil {
			return err
		}
		table := terminal.NewColumns(s.out)
		fmt.Fprintln(table, "序列\t号段\t已用\t作废或退回\t在笔记本上\t重号\t没有说明的号")
		for _, l := range list {
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", l.Series, len(l.Blocks), l.Taken, len(l.Spent), l.Out, l.Clashes, spans(l.Missing))
		}
		return table.Flush()
	})
}

// spans writes serials that ascend with their runs closed up: 3、5–7.
func spans(serials []int) string {
	if len(serials) == 0 {
		return "无"
	}
	var out []string
	for i := 0; i < len(serials); {
		j := i
		for j+1 < len(serials) && serials[j+1] == serials[j]+1 {
			j++
		}
		if j == i {
			out = append(out, strconv.Itoa(serials[i]))
		} else {
			out = append(out, fmt.Sprintf("%d–%d", serials[i], serials[j]))
		}
		i = j + 1
	}
	return strings.Join(out, "、")
}

type numbersAddCmd struct {
	place
	Series string `arg:"" placeholder:"序列" help:"文种字加年份，如“令/2026”。"`
	From   int    `required:"" help:"起号。"`
	To     int    `required:"" help:"止号。"`
	Source string `required:"" help:"谁在哪里使用，如“纸质登记簿”。"`
}

// Run enters a block of numbers used elsewhere.
func (c *numbersAddCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		err := h.AddNumbers(ctx, c.Series, c.From, c.To, c.Source)
		if err == nil {
			_, err = fmt.Fprintf(s.out, "已登记 %s 第 %d 至 %d 号\n", c.Series, c.From, c.To)
		}
		return err
	})
}

type numbersResumeCmd struct{ place }

// Run lets numbers be leased again.
func (c *numbersResumeCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		err := h.ResumeNumbers(ctx)
		if err == nil {
			_, err = fmt.Fprintln(s.out, "已恢复发号")
		}
		return err
	})
}

type userCmd struct {
	List    userListCmd    `cmd:"" help:"列出账号。"`
	Add     userAddCmd     `cmd:"" help:"开设账号或换一个新口令；口令只显示这一次。"`
	Disable userDisableCmd `cmd:"" help:"停用账号。"`
}

type userListCmd struct{ place }

// Run prints one line per account.
func (c *userListCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		list, err := h.Accounts(ctx)
		if err != nil {
			return err
		}
		table := terminal.NewColumns(s.out)
		fmt.Fprintln(table, "账号\t口令设于\t状态")
		for _, a := range list {
			state := "正常"
			if a.Disabled {
				state = "已停用"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", a.Name, when(a.Since), state)
		}
		return table.Flush()
	})
}

type userAddCmd struct {
	place
	Name string `arg:"" placeholder:"账号" help:"谁使用。"`
}

// Run prints the password, one line and nothing else.
func (c *userAddCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		password, err := h.AddAccount(ctx, c.Name)
		if err == nil {
			_, err = fmt.Fprintln(s.out, password)
		}
		return err
	})
}

type userDisableCmd struct {
	place
	Name string `arg:"" placeholder:"账号" help:"谁的账号。"`
}

// Run shuts somebody out of the console.
func (c *userDisableCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		err := h.DisableAccount(ctx, c.Name)
		if errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("没有账号“%s”，请用 user list 查看", c.Name)
		}
		if err == nil {
			_, err = fmt.Fprintln(s.out, "已停用", c.Name)
		}
		return err
	})
}
