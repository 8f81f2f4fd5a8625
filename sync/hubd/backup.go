package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"anxin/sync/hub"
)

type backupCmd struct {
	place
	To string `required:"" type:"path" placeholder:"DIR" help:"备份目录，应在另一块磁盘或另一台机器上；其中有密钥，须同样保管。"`
}

// Run copies the database, then the evidence, reads the copy again, and only
// then tells the laptops how much of the log is safe. The database comes first:
// evidence never goes, so all that its copy names is still there to be copied.
func (c *backupCmd) Run(ctx context.Context, s streams) error {
	if inside, err := filepath.Rel(c.Data, c.To); err == nil && filepath.IsLocal(inside) {
		return fmt.Errorf("备份目录 %s 在数据目录里面，数据目录坏了备份也就没有了，请换到另一块磁盘上", c.To)
	}
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		if err := os.MkdirAll(c.To, 0o700); err != nil {
			return fmt.Errorf("建立备份目录: %w", err)
		}
		size, err := h.LogSize(ctx)
		if err != nil {
			return err
		}
		if err := copyFile(filepath.Join(c.Data, identityName), filepath.Join(c.To, identityName)); err != nil {
			return err
		}
		if c.Postgres != "" {
			err = c.dump(ctx)
		} else {
			size, err = c.copyDatabase(ctx, h, size)
		}
		if err != nil {
			return err
		}
		if err := h.Publish(ctx, size); err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "备份已核对：局日志 %d 条\n", size)
		return err
	})
}

const (
	identityName = "identity.json"
	dumpName     = "hub.dump"
)

// dump lets PostgreSQL's own program write its copy, which holds at least what
// the log held before, and reads its table of contents.
func (c *backupCmd) dump(ctx context.Context) error {
	file := filepath.Join(c.To, dumpName)
	for _, args := range [][]string{{"pg_dump", "-Fc", "-f", file, "-d", c.Postgres}, {"pg_restore", "--list", file}} {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s 没有成功（%w）：%s", args[0], err, firstOf(string(out)))
		}
	}
	if c.S3 != "" {
		return nil // the store keeps its own copies
	}
	return copyTree(c.evidence(), filepath.Join(c.To, "blobs"))
}

func firstOf(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// copyDatabase copies SQLite's file as it stands and checks the whole copy.
func (c *backupCmd) copyDatabase(ctx context.Context, h *hub.Hub, size int64) (int64, error) {
	copied := place{Data: c.To, S3: c.S3, copied: true}
	fresh := copied.database() + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("清理上次没有做完的备份: %w", err)
	}
	if err := h.Copy(ctx, fresh); err != nil {
		return 0, err
	}
	if err := os.Rename(fresh, copied.database()); err != nil {
		return 0, fmt.Errorf("存放备份: %w", err)
	}
	if c.S3 == "" {
		if err := copyTree(c.evidence(), copied.evidence()); err != nil {
			return 0, err
		}
	}
	err := copied.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		report, err := h.Verify(ctx)
		if err != nil {
			return err
		}
		if len(report.Faults) > 0 {
			return fmt.Errorf("备份核对发现 %d 处问题，第一处：%s", len(report.Faults), report.Faults[0])
		}
		size, err = h.LogSize(ctx)
		return err
	})
	return size, err
}

// copyTree copies the files that are not there yet: a file of evidence never
// changes. What is still arriving is left out.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("备份材料: %w", err)
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			if d.Name() == "staging" {
				return fs.SkipDir
			}
			return os.MkdirAll(target, 0o700)
		}
		if info, err := os.Stat(target); err == nil {
			if own, err := d.Info(); err == nil && own.Size() == info.Size() {
				return nil
			}
		}
		return copyFile(path, target)
	})
}

// copyFile copies under another name first, so that a file with the right name
// is whole.
func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("备份 %s: %w", filepath.Base(from), err)
	}
	defer r.Close()
	w, err := os.OpenFile(to+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("备份 %s: %w", filepath.Base(from), err)
	}
	_, err = io.Copy(w, r)
	if err = errors.Join(err, w.Sync(), w.Close()); err == nil {
		err = os.Rename(to+".new", to)
	}
	if err != nil {
		return fmt.Errorf("备份 %s: %w", filepath.Base(from), err)
	}
	return nil
}

type restoreCmd struct {
	place
	From string `required:"" type:"path" placeholder:"DIR" help:"备份目录。"`
	Old  string `type:"path" placeholder:"DIR" help:"原来的数据目录（如果还读得到）：从中取出已发文号的记录，备份之后发过的号不会再发。"`
}

// Run puts a backup into a folder that holds no hub, and begins a new life.
func (c *restoreCmd) Run(ctx context.Context, s streams) error {
	if c.Postgres != "" {
		return fmt.Errorf("PostgreSQL 请用 pg_restore 恢复 %s，把 %s 复制到数据目录，再运行 after-restore", dumpName, identityName)
	}
	if _, err := os.Stat(filepath.Join(c.From, identityName)); err != nil {
		return fmt.Errorf("目录 %s 中没有备份，请核对路径", c.From)
	}
	if entries, err := os.ReadDir(c.Data); err == nil && len(entries) > 0 {
		return fmt.Errorf("数据目录 %s 不是空的，为免覆盖，请换一个空目录", c.Data)
	}
	if err := c.readable(); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("建立数据目录: %w", err)
	}
	// The numbers come before the records: without them nothing is there to serve.
	if c.Old != "" {
		if err := copyFile(filepath.Join(c.Old, hub.HighNumbers), filepath.Join(c.Data, hub.HighNumbers)); err != nil {
			return fmt.Errorf("取出原来的文号记录: %w", err)
		}
	}
	if err := copyFile(filepath.Join(c.From, "hub.db"), c.database()); err != nil {
		return err
	}
	if c.S3 == "" {
		if err := copyTree(filepath.Join(c.From, "blobs"), c.evidence()); err != nil {
			return err
		}
	}
	if err := copyFile(filepath.Join(c.From, identityName), filepath.Join(c.Data, identityName)); err != nil {
		return err
	}
	return c.begin(ctx, s)
}

// readable reports whether the former folder, when one is named, has what is taken
// out of it.
func (c *restoreCmd) readable() error {
	if c.Old == "" {
		return nil
	}
	_, err := os.ReadFile(filepath.Join(c.Old, hub.HighNumbers))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("目录 %s 中没有文号记录 %s，什么都没有恢复：请核对路径；较早的程序不留这个文件，那就去掉 --old 再恢复", c.Old, hub.HighNumbers)
	}
	if err != nil {
		return fmt.Errorf("读取原来的文号记录，什么都没有恢复: %w", err)
	}
	return nil
}

// begin starts a new life of what was restored.
func (p place) begin(ctx context.Context, s streams) error {
	return p.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		epoch, err := h.AfterRestore(ctx)
		if err == nil {
			_, err = fmt.Fprintf(s.out, "局服务器开始第 %d 期。各笔记本下次同步时会补报备份之后的内容；都报过文号之后恢复发号\n", epoch)
		}
		return err
	})
}

type verifyCmd struct {
	place
	Deep bool `help:"逐条核对每个操作的签名，而不只是每台笔记本日志最后的签名。"`
}

// Run prints what was counted and every fault; any fault fails the command.
func (c *verifyCmd) Run(ctx context.Context, s streams) error {
	return c.with(ctx, hub.Options{}, func(h *hub.Hub) error {
		check := h.Verify
		if c.Deep {
			check = h.VerifyDeep
		}
		report, err := check(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "操作 %d 条，版本 %d 个，记录 %d 条（冲突 %d 条，搁置操作 %d 条），文号重号 %d 个，材料 %d 件\n",
			report.Ops, report.Revisions, report.Records, report.Conflicts, report.Quarantined, report.Clashes, report.Blobs)
		for _, fault := range report.Faults {
			fmt.Fprintln(s.out, fault)
		}
		if n := len(report.Faults); n > 0 {
			return fmt.Errorf("核对发现 %d 处问题，已逐条列出", n)
		}
		return nil
	})
}
