package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // pictures of pages come as
	_ "image/png"  // either
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/seal"
)

// Verified is what checking a document said.
type Verified struct {
	Target string      `json:"target"`
	Kind   string      `json:"kind"` // token, picture, pdf
	Valid  bool        `json:"valid"`
	Reason string      `json:"reason"` // what was checked, or why it is not valid
	Claim  model.Claim `json:"claim"`
}

// Limits of what is read to be verified.
const (
	maxVerifyBytes  = 64 << 20
	maxVerifyPixels = 200_000_000
)

// Verify checks a document by its token, by a picture of the page or by its
// PDF, against a list of keys. Only what cannot be read at all is an error; a
// document that is not valid is a result with its reason.
func Verify(press *paper.Press, target string, keys []model.PublicKey, at time.Time) (Verified, error) {
	raw, err := readTarget(target)
	if err != nil {
		return Verified{}, err
	}
	if raw == nil {
		return verifyToken(Verified{Target: target, Kind: "token"}, target, keys, at), nil
	}
	v := Verified{Target: filepath.Base(target)}
	if bytes.HasPrefix(raw, []byte("%PDF-")) {
		v.Kind = "pdf"
		return verifyPDF(press, v, raw, keys, at), nil
	}
	v.Kind = "picture"
	token, err := readPicture(v.Target, raw)
	if err != nil {
		return Verified{}, err
	}
	return verifyToken(v, token, keys, at), nil
}

// readTarget reads a file; nil bytes mean the target is a token itself.
func readTarget(target string) ([]byte, error) {
	info, err := os.Stat(target)
	if err != nil {
		if looksLikePath(target) {
			return nil, fmt.Errorf("找不到文件“%s”，请核对路径", target)
		}
		return nil, nil
	}
	if info.IsDir() {
		return nil, fmt.Errorf("“%s”是文件夹，请指定一个文件", target)
	}
	if info.Size() > maxVerifyBytes {
		return nil, fmt.Errorf("“%s”超过 %d MB，不像是一页文书", target, maxVerifyBytes>>20)
	}
	raw, err := os.ReadFile(target)
	if err != nil {
		return nil, fmt.Errorf("读取“%s”: %w", target, err)
	}
	return raw, nil
}

// looksLikePath tells a file that is not there from a token, whole or cut: a
// token has only the characters of a QR code's alphanumeric mode.
func looksLikePath(s string) bool {
	switch strings.ToLower(filepath.Ext(s)) {
	case ".pdf", ".png", ".jpg", ".jpeg":
		return true
	}
	if strings.HasPrefix(s, "https://") {
		return false
	}
	return len(s) < 20 || strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") != ""
}

func readPicture(name string, raw []byte) (string, error) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("“%s”不是 PDF，也不是能识别的图片（png、jpg）", name)
	}
	if cfg.Width*cfg.Height > maxVerifyPixels {
		return "", fmt.Errorf("“%s”的像素过多，请缩小后再核验", name)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("“%s”已损坏，不能作为图片打开，请重新扫描", name)
	}
	token, err := paper.ReadQR(img)
	if err != nil {
		return "", fmt.Errorf("“%s”: %w", name, err)
	}
	return token, nil
}

func verifyToken(v Verified, token string, keys []model.PublicKey, at time.Time) Verified {
	claim, err := seal.VerifyToken(strings.TrimSpace(token), keys, at)
	v.Claim = claim
	if err != nil {
		v.Reason = err.Error()
		return v
	}
	v.Valid = true
	v.Reason = "签名有效，由登记在册的设备签发；请与纸面的文号、日期、金额核对"
	return v
}

// verifyPDF checks more than the token: the data inside must have the digest
// that was signed, and printed again it must give the same file, byte for byte.
func verifyPDF(press *paper.Press, v Verified, raw []byte, keys []model.PublicKey, at time.Time) Verified {
	sealed, err := paper.ReadPDF(raw)
	if err != nil {
		v.Reason = err.Error()
		return v
	}
	if v = verifyToken(v, sealed.Token, keys, at); !v.Valid {
		return v
	}
	if err := reprint(press, sealed, v.Claim, raw); err != nil {
		v.Valid, v.Reason = false, err.Error()
		return v
	}
	v.Reason = "签名有效，内容与签发时的数据一致，重新排印逐字节相同"
	return v
}

func reprint(p *paper.Press, sealed paper.Sealed, claim model.Claim, raw []byte) error {
	if sum := sha256.Sum256(sealed.Attachment); !bytes.Equal(sum[:], claim.Digest) {
		return errors.New("文件内的数据与二维码签名的摘要不符，内容被改动过")
	}
	c, err := casework.PaperOf(sealed.Attachment, sealed.Token)
	if err != nil {
		return err
	}
	pdf, _, err := press{p}.Print(c)
	if err != nil {
		return fmt.Errorf("重新排印: %w", err)
	}
	if !bytes.Equal(pdf, raw) {
		return errors.New("数据的签名有效，但页面与这些数据重新排印的结果不同：页面被改动过，或者由另一版本的程序排印，请以数据为准并向签发机关核实")
	}
	return nil
}

// ReadKeys reads a list of issuer keys from a file that WriteKeys wrote.
func ReadKeys(path string) ([]model.PublicKey, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("找不到密钥清单“%s”，请核对路径，或者先与中心同步一次", path)
	}
	if err != nil {
		return nil, fmt.Errorf("读取密钥清单“%s”: %w", path, err)
	}
	var keys []model.PublicKey
	if err := json.Unmarshal(raw, &keys); err != nil {
		return nil, fmt.Errorf("“%s”不是密钥清单；示例日的是 keys.json，单位的是数据文件夹里的 issuers.json", path)
	}
	return keys, nil
}

// KeysFile is the list of issuer keys beside an office's data: public, so that
// a paper can be checked without a passphrase.
const KeysFile = "issuers.json"

// PublishKeys writes the keys this laptop knows beside its data. It is called
// at each opening; call it again after a sync.
func (o *Office) PublishKeys(ctx context.Context) error {
	return WriteKeys(filepath.Join(o.Dir, KeysFile), o.IssuerKeys(ctx))
}

// WriteKeys writes a list of issuer keys.
func WriteKeys(path string, keys []model.PublicKey) error {
	raw, err := json.MarshalIndent(keys, "", "  ")
	if err != nil {
		return fmt.Errorf("写出密钥清单: %w", err)
	}
	return seal.WriteFile(path, append(raw, '\n'))
}
