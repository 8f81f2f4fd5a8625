package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // pictures of pages come as
	_ "image/png"  // either
	"os"
	"path/filepath"
	"strings"
	"time"

	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/seal"
)

// Verified is what checking a document said.
type Verified struct {
	Target string      `json:"target"`
	Kind   string      `json:"kind"` // token, picture, pdf, scan
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
		return verifyPDF(press, v, raw, keys, at)
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
			return nil, fmt.Errorf("找不到文件“%s”，它也不是文书的令牌，请核对", target)
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
	img, err := decodePicture(name, raw)
	if err != nil {
		return "", err
	}
	token, err := paper.ReadQR(img)
	if err != nil {
		return "", fmt.Errorf("“%s”: %w", name, err)
	}
	return token, nil
}

// decodePicture opens a picture of a page.
func decodePicture(name string, raw []byte) (image.Image, error) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("“%s”不是 PDF，也不是能识别的图片（png、jpg）", name)
	}
	if cfg.Width*cfg.Height > maxVerifyPixels {
		return nil, fmt.Errorf("“%s”的像素过多，请缩小后再试", name)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("“%s”已损坏，不能作为图片打开，请重新扫描", name)
	}
	return img, nil
}

// readScannedPDF looks for the code on the pages of a PDF that is not ours: a
// scan, or a print to a file. All pages get a glance, then the last ones, where
// the code stands, a thorough look.
func readScannedPDF(name string, raw []byte) (string, error) {
	ctx, viewer := context.Background(), NewViewer()
	defer viewer.Close()
	token := ""
	var last []image.Image
	err := eachScan(ctx, viewer, ScanFile{Name: name, Raw: raw}, func(at int, img image.Image) error {
		if at > maxVerifyPages {
			return nil
		}
		if last = append(last, img); len(last) > thoroughPages {
			last = last[1:]
		}
		if token == "" {
			token, _ = paper.GlanceQR(img)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	for i := len(last) - 1; i >= 0 && token == ""; i-- {
		token, _ = paper.ReadQR(last[i])
	}
	if token == "" {
		return "", fmt.Errorf("“%s”不是本系统生成的 PDF，各页上也没有读到核验二维码，请使用原始文件，或者扫描带核验二维码的一页", name)
	}
	return token, nil
}

const (
	maxVerifyPages = 60 // of a scan that are looked at
	thoroughPages  = 2  // of these at the end that are searched for a worn code
)

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
// A PDF that is a scan is checked by the code on its pages.
func verifyPDF(press *paper.Press, v Verified, raw []byte, keys []model.PublicKey, at time.Time) (Verified, error) {
	v.Kind = "pdf"
	sealed, err := paper.ReadPDF(raw)
	if errors.Is(err, paper.ErrForeign) {
		token, err := readScannedPDF(v.Target, raw)
		if err != nil {
			v.Reason = err.Error()
			return v, nil
		}
		v.Kind = "scan"
		if v = verifyToken(v, token, keys, at); v.Valid {
			v.Reason = "二维码的签名有效，由登记在册的设备签发；这是扫描件或另存的文件，只核验了二维码，页面上的内容没有核验，请逐项与文号、日期、金额核对"
		}
		return v, nil
	}
	if err != nil {
		v.Reason = err.Error()
		return v, nil
	}
	if v = verifyToken(v, sealed.Token, keys, at); !v.Valid {
		return v, nil
	}
	switch err := reprint(press, sealed, v.Claim, raw); {
	case err != nil:
		v.Valid, v.Reason = false, err.Error()
	case sealed.Mark != "" && sealed.Mark != paper.MarkCopy:
		v.Valid, v.Reason = false, fmt.Sprintf("签名有效，但这一份标有“%s”，不作为文书使用", sealed.Mark)
	default:
		v.Reason = "签名有效，内容与签发时的数据一致，重新排印逐字节相同"
	}
	return v, nil
}

func reprint(p *paper.Press, sealed paper.Sealed, claim model.Claim, raw []byte) error {
	if err := verifyAttachment(sealed, claim); err != nil {
		return err
	}
	job, err := jobOf(p, raw)
	if err != nil {
		return err
	}
	out, err := p.Print(job)
	if err != nil {
		return fmt.Errorf("重新排印: %w", err)
	}
	if !bytes.Equal(out.PDF, raw) {
		return errors.New("数据的签名有效，但页面与这些数据重新排印的结果不同：页面被改动过，或者由另一版本的程序排印，请以数据为准并向签发机关核实")
	}
	return nil
}

// verifyAttachment checks that the data inside a PDF is what was signed.
func verifyAttachment(sealed paper.Sealed, claim model.Claim) error {
	if sum := sha256.Sum256(sealed.Attachment); !bytes.Equal(sum[:], claim.Digest) {
		return errors.New("文件内的数据与二维码签名的摘要不符，内容被改动过")
	}
	return nil
}
