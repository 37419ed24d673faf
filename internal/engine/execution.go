package engine

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"greenlight/internal/codedeploy"
)

// nonceSize is AES-GCM's.
const nonceSize = 12

// keySize is that of AES-256.
const keySize = 32

// maxExecutionID bounds what a caller may send as an execution id; ours are a
// few hundred characters long.
const maxExecutionID = 2048

// errForged answers an execution id that this server did not make.
var errForged = errors.New("not an execution id of this server")

// execution is what an execution id stands for.
type execution struct {
	Account    string                        `json:"a"`
	Region     string                        `json:"r"`
	Deployment string                        `json:"d"`
	Event      codedeploy.LifecycleEventName `json:"e"`
	nonce      []byte
}

func executionOf(d Deployment, event codedeploy.LifecycleEventName, nonce []byte) execution {
	return execution{Account: d.Account, Region: d.Region, Deployment: d.ID, Event: event, nonce: nonce}
}

// executions makes and reads execution ids: base64 of a JSON object like the
// real service's, encrypted and authenticated, so that an id can be neither
// guessed nor changed, and is the same text each time it is made.
type executions struct{ aead cipher.AEAD }

func newExecutions(key []byte) (executions, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return executions{}, fmt.Errorf("hook key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return executions{}, fmt.Errorf("hook key: %w", err)
	}
	return executions{aead}, nil
}

// executionID is the outer form (api.md, PutLifecycleEventHookExecutionStatus).
type executionID struct {
	EncryptedData     []byte `json:"encryptedData"`
	IVParameterSpec   []byte `json:"ivParameterSpec"`
	MaterialSetSerial int    `json:"materialSetSerial"`
}

func (x executions) seal(of execution) (string, error) {
	plain, err := json.Marshal(of)
	if err != nil {
		return "", err
	}
	outer, err := json.Marshal(executionID{
		EncryptedData:     x.aead.Seal(nil, of.nonce, plain, nil),
		IVParameterSpec:   of.nonce,
		MaterialSetSerial: 1,
	})
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(outer), nil
}

// open reads an execution id; anything that seal did not make, to the byte, is
// errForged.
func (x executions) open(text string) (execution, error) {
	var of execution
	if len(text) > maxExecutionID {
		return of, errForged
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return of, errForged
	}
	var outer executionID
	dec := json.NewDecoder(bytes.NewReader(decoded))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&outer); err != nil || len(outer.IVParameterSpec) != nonceSize {
		return of, errForged
	}
	plain, err := x.aead.Open(nil, outer.IVParameterSpec, outer.EncryptedData, nil)
	if err != nil {
		return of, errForged
	}
	if err := json.Unmarshal(plain, &of); err != nil {
		return of, errForged
	}
	of.nonce = outer.IVParameterSpec
	if again, err := x.seal(of); err != nil || again != text {
		return of, errForged
	}
	return of, nil
}
