package main

import (
	"errors"
	"os"
	"strings"

	"anxin/app/office"
	"anxin/model"
	"anxin/model/seal"
)

type keysCmd struct {
	List  keysListCmd  `cmd:"" help:"列出签发文书的密钥"`
	Write keysWriteCmd `cmd:"" help:"写出签名的密钥清单"`
	Use   keysUseCmd   `cmd:"" help:"选择本机签发文书的算法"`
	Trust keysTrustCmd `cmd:"" help:"把本机设为可信，打开数据时免输口令"`
}

type keysListCmd struct {
	JSON bool `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *keysListCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		keys, err := o.IssuerKeys(s.ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.json(keys)
		}
		for _, k := range keys {
			s.printf("%s  %s  %s  %s\n", k.ID, algorithm(k.Alg), k.Name, validity(k))
		}
		s.printf("共 %d 个\n", len(keys))
		alg, err := o.Algorithm(s.ctx)
		if err != nil {
			return err
		}
		way := "需要口令"
		if o.Trusted() {
			way = "不问口令"
		}
		s.printf("本机用 %s 签发文书，打开数据时%s\n", algorithm(alg), way)
		return nil
	})
}

func algorithm(alg string) string {
	if alg == model.AlgSM2 {
		return "SM2"
	}
	return "Ed25519"
}

func validity(k model.PublicKey) string {
	var out []string
	if !k.From.IsZero() {
		out = append(out, model.DateOf(k.From).Chinese()+"起")
	}
	if !k.To.IsZero() {
		out = append(out, model.DateOf(k.To).Chinese()+"止")
	}
	if !k.Revoked.IsZero() {
		out = append(out, model.DateOf(k.Revoked).Chinese()+"吊销")
	}
	if len(out) == 0 {
		return "有效"
	}
	return strings.Join(out, "，")
}

type keysWriteCmd struct {
	Out string `required:"" help:"写到哪个文件" type:"path"`
}

// Run implements the command.
func (c *keysWriteCmd) Run(s *session) error {
	if err := folderOf(c.Out); err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		if err := o.WriteKeys(s.ctx, c.Out); err != nil {
			return err
		}
		s.printf("已写出“%s”，由设备 %s 签名\n", c.Out, o.Device().KeyID())
		return nil
	})
}

type keysUseCmd struct {
	Algorithm string `arg:"" enum:"ed25519,sm2" help:"ed25519 或者 sm2"`
}

// Run implements the command.
func (c *keysUseCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		alg := model.AlgEd25519
		if c.Algorithm == "sm2" {
			alg = model.AlgSM2
		}
		if err := o.SignBy(s.ctx, alg); err != nil {
			return err
		}
		s.printf("本机今后用 %s 签发文书\n", algorithm(alg))
		return nil
	})
}

type keysTrustCmd struct {
	Off bool `help:"取消可信"`
}

// Run implements the command.
func (c *keysTrustCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		if err := o.Trust(!c.Off, seal.OSKeyring{}); err != nil {
			return err
		}
		if c.Off {
			s.printf("本机已取消可信，打开数据时需要输入口令\n")
		} else {
			s.printf("本机已设为可信：当前系统用户打开数据时不再询问口令\n")
		}
		return nil
	})
}

// trusted opens the folder without a passphrase where its officer trusts this
// machine; nil where the passphrase has to be asked for, or was given.
func (s *session) trusted() (*office.Office, error) {
	if os.Getenv(passphraseVariable) != "" {
		return nil, nil
	}
	o, err := office.OpenTrusted(s.ctx, s.options(), seal.OSKeyring{})
	if errors.Is(err, seal.ErrNotTrusted) || errors.Is(err, seal.ErrNoKeyring) {
		return nil, nil
	}
	return o, err
}
