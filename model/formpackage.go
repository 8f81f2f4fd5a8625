package model

import "time"

// KindFormPackage is a form with its papers as the office hands it to its
// laptops.
const KindFormPackage Kind = "formpackage"

// States of a form package.
const (
	FormPackageInstalled = "在用"
	FormPackageWithdrawn = "已停用"
)

// MaxFormPackage is how large the file of a form package may be, in bytes.
const MaxFormPackage = 1 << 20

// FormPackage is an installed form package. Its file, and with it everything
// but the state, never changes; another edition of the form is another record.
type FormPackage struct {
	State     string `json:"state"`
	Form      string `json:"form"`               // id of the form, also the type of the document it makes
	Version   string `json:"version"`            // of the form
	Law       string `json:"law,omitempty"`      // version of the law tables it was written for
	ValidFrom Date   `json:"valid_from"`         // first day it is used
	ValidTo   Date   `json:"valid_to,omitempty"` // last day, if there is one
	SHA256    string `json:"sha256"`             // of File, hex
	File      []byte `json:"file"`               // the signed file
	// Signer is the key the file is signed with, set where it is not that of a
	// device of the office: whoever installed it vouches for it.
	Signer    *PublicKey  `json:"signer,omitempty"`
	Withdrawn *Withdrawal `json:"withdrawn,omitempty"`
}

// Withdrawal says who took something out of use, when and why.
type Withdrawal struct {
	At     time.Time `json:"at"`
	By     ID        `json:"by"`
	Reason string    `json:"reason"`
}

func (*FormPackage) Kind() Kind { return KindFormPackage }

// Summary implements Record.
func (p *FormPackage) Summary() Summary {
	return Summary{State: p.State, Due: p.ValidTo, Number: p.Form + "@" + p.Version, Find: []string{p.Form, p.Version}}
}

// checkPackage says whether a form package may become another: it may be
// withdrawn, and nothing else. Of two withdrawals the earlier one stands, so
// that two officers who withdraw it without knowing of each other agree.
func checkPackage(previous, next []byte) error {
	old, err := As[FormPackage](previous)
	if err != nil {
		return err
	}
	now, err := As[FormPackage](next)
	if err != nil {
		return err
	}
	if old.State == FormPackageWithdrawn && now.State != FormPackageWithdrawn {
		return frozen("停用的表单包不能恢复，请安装新的版本")
	}
	if old.Withdrawn != nil && (now.Withdrawn == nil || now.Withdrawn.At.After(old.Withdrawn.At)) {
		return sameBut(previous, next)
	}
	return sameBut(previous, next, "state", "withdrawn")
}
