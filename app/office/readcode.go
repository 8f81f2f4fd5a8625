package office

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ReadCode reads the QR code of a picture file (png, jpg), such as the code of
// joining that the bureau shows: its text as it stands.
func ReadCode(path string) (string, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("打开“%s”: %w", name, err)
	}
	if info.Size() > maxVerifyBytes {
		return "", fmt.Errorf("“%s”超过 %d MB，不像是一张二维码图片", name, maxVerifyBytes>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("读取“%s”: %w", name, err)
	}
	text, err := readPicture(name, raw)
	return strings.TrimSpace(text), err
}
