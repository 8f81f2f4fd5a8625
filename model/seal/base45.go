package seal

import "strings"

// base45 (RFC 9285): two bytes become three characters of the alphabet that a
// QR code stores in 5.5 bits each.
const alphabet45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

func encode45(data []byte) string {
	var b strings.Builder
	for ; len(data) >= 2; data = data[2:] {
		n := int(data[0])<<8 | int(data[1])
		b.WriteByte(alphabet45[n%45])
		b.WriteByte(alphabet45[n/45%45])
		b.WriteByte(alphabet45[n/45/45])
	}
	if len(data) == 1 {
		b.WriteByte(alphabet45[data[0]%45])
		b.WriteByte(alphabet45[data[0]/45])
	}
	return b.String()
}

// decode45 returns false for text that encode45 cannot have written.
func decode45(text string) ([]byte, bool) {
	if len(text)%3 == 1 {
		return nil, false
	}
	out := make([]byte, 0, len(text)/3*2+1)
	for ; text != ""; text = text[min(3, len(text)):] {
		n, unit := 0, 1
		for i := 0; i < min(3, len(text)); i++ {
			digit := strings.IndexByte(alphabet45, text[i])
			if digit < 0 {
				return nil, false
			}
			n += digit * unit
			unit *= 45
		}
		switch {
		case len(text) >= 3 && n <= 0xFFFF:
			out = append(out, byte(n>>8), byte(n))
		case len(text) == 2 && n <= 0xFF:
			out = append(out, byte(n))
		default:
			return nil, false
		}
	}
	return out, true
}
