package sts

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"greenlight/internal/awswire"
)

// Bounds of AssumeRole's input, from the service model.
const (
	maxRoleARN      = 2048
	shortest        = 15 * time.Minute
	longest         = 12 * time.Hour
	defaultDuration = time.Hour
)

var (
	rolePattern    = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):role/([A-Za-z0-9+=,.@_/-]+)$`)
	sessionPattern = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{2,64}$`)
)

type assumeRoleInput struct {
	RoleARN         string `query:"RoleArn"`
	RoleSessionName string
	DurationSeconds *int64
}

type (
	assumeRoleOutput struct {
		AssumedRoleUser assumedRoleUser
		Credentials     issued
	}
	assumedRoleUser struct {
		AssumedRoleID string `xml:"AssumedRoleId"`
		ARN           string `xml:"Arn"`
	}
	issued struct {
		AccessKeyID     string `xml:"AccessKeyId"`
		SecretAccessKey string
		SessionToken    string
		Expiration      string
	}
)

// assumeRole implements AssumeRole. The credentials carry the role's account
// and the session's name themselves (see awswire.NewTemporaryKey), so they stay
// good after a restart; their end is told and not enforced.
func (s *service) assumeRole(_ context.Context, form url.Values) (any, error) {
	var in assumeRoleInput
	if err := awswire.DecodeQuery(form, &in); err != nil {
		return nil, err
	}
	role, duration, err := in.check()
	if err != nil {
		return nil, err
	}
	principal := fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", role.partition, role.account, role.name, in.RoleSessionName)
	key := awswire.NewTemporaryKey(role.account, principal)
	return assumeRoleOutput{
		AssumedRoleUser: assumedRoleUser{roleID(role.account, role.name) + ":" + in.RoleSessionName, principal},
		Credentials: issued{
			AccessKeyID: key.AccessKeyID, SecretAccessKey: key.SecretAccessKey, SessionToken: key.SessionToken,
			Expiration: s.now().Add(duration).UTC().Format(time.RFC3339),
		},
	}, nil
}

type role struct{ partition, account, name string }

func (in *assumeRoleInput) check() (role, time.Duration, error) {
	parts := rolePattern.FindStringSubmatch(in.RoleARN)
	if parts == nil || len(in.RoleARN) > maxRoleARN {
		return role{}, 0, validation("roleArn must be the ARN of a role, such as arn:aws:iam::123456789012:role/deploy")
	}
	if !sessionPattern.MatchString(in.RoleSessionName) {
		return role{}, 0, validation("roleSessionName must have 2 to 64 characters out of letters, digits and _+=,.@-")
	}
	duration := defaultDuration
	if in.DurationSeconds != nil {
		seconds := *in.DurationSeconds
		if seconds < int64(shortest/time.Second) || seconds > int64(longest/time.Second) {
			return role{}, 0, validation("durationSeconds must be from 900 to 43200")
		}
		duration = time.Duration(seconds) * time.Second
	}
	// A role's path is no part of its sessions' ARNs.
	name := parts[3][strings.LastIndexByte(parts[3], '/')+1:]
	if name == "" {
		return role{}, 0, validation("roleArn must name a role after its path")
	}
	return role{partition: parts[1], account: parts[2], name: name}, duration, nil
}

func validation(message string) error {
	return &awswire.Error{Status: http.StatusBadRequest, Code: "ValidationError", Message: message}
}

// userID is the unique id that GetCallerIdentity shows: the account for its
// root, the role's id and the session's name for an assumed role.
func userID(caller awswire.Caller) string {
	_, assumed, ok := strings.Cut(caller.PrincipalARN, ":assumed-role/")
	name, session, named := strings.Cut(assumed, "/")
	if !ok || !named {
		return caller.Account
	}
	return roleID(caller.Account, name) + ":" + session
}

// roleID is the same for the same role each time, as a real one is.
func roleID(account, name string) string {
	sum := sha256.Sum256([]byte(account + "/" + name))
	return "AROA" + base32.StdEncoding.EncodeToString(sum[:10])
}
