package lambda

import (
	"encoding/base64"
	"encoding/hex"
	"time"
)

// configuration is FunctionConfiguration of the service model.
type configuration struct {
	FunctionName     string
	FunctionARN      string `json:"FunctionArn"`
	Runtime          string
	Role             string
	Handler          string
	CodeSize         int64
	Description      string
	Timeout          int
	MemorySize       int
	LastModified     string
	CodeSHA256       string `json:"CodeSha256"`
	Version          string
	VPCConfig        *vpcConfigResponse `json:"VpcConfig,omitzero"`
	Environment      *environment       `json:",omitzero"`
	KMSKeyARN        string             `json:"KMSKeyArn,omitzero"`
	TracingConfig    tracingConfig
	RevisionID       string `json:"RevisionId"`
	State            string
	LastUpdateStatus string
	PackageType      string
	Architectures    []string
	EphemeralStorage ephemeralStorage
	SnapStart        snapStart
	LoggingConfig    loggingConfig
}

type (
	environment       struct{ Variables map[string]string }
	tracingConfig     struct{ Mode string }
	ephemeralStorage  struct{ Size int }
	snapStart         struct{ ApplyOn, OptimizationStatus string }
	vpcConfigResponse struct {
		vpcConfig
		VPCID string `json:"VpcId"`
	}
)

// timeLayout is how Lambda writes LastModified.
const timeLayout = "2006-01-02T15:04:05.000+0000"

func formatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

// configuration presents one version of f under arn. What was changed is
// active at once: nothing is ever pending here.
func (f *function) configuration(v *version, arn string) configuration {
	s := v.Settings
	c := configuration{
		FunctionName: f.id.Name, FunctionARN: arn, Version: v.Number,
		Runtime: s.Runtime, Role: s.Role, Handler: s.Handler, Description: s.Description,
		Timeout: s.Timeout, MemorySize: s.MemorySize, KMSKeyARN: s.KMSKeyARN,
		CodeSize: v.CodeSize, CodeSHA256: base64Sum(v.CodeSHA256),
		LastModified: formatTime(v.Modified), RevisionID: v.RevisionID,
		State: "Active", LastUpdateStatus: "Successful", PackageType: "Zip", Architectures: s.Architectures,
		TracingConfig: tracingConfig{s.TracingMode}, EphemeralStorage: ephemeralStorage{s.EphemeralStorage},
		SnapStart:     snapStart{"None", "Off"},
		LoggingConfig: loggingConfig{LogFormat: "Text", LogGroup: "/aws/lambda/" + f.id.Name},
	}
	if len(s.Environment) > 0 {
		c.Environment = &environment{s.Environment}
	}
	if s.VPC != nil {
		c.VPCConfig = &vpcConfigResponse{vpcConfig: *s.VPC}
	}
	if s.Logging != nil {
		c.LoggingConfig = s.Logging.over(c.LoggingConfig)
	}
	return c
}

// over is l where it says something, and defaults elsewhere.
func (l loggingConfig) over(defaults loggingConfig) loggingConfig {
	if l.LogFormat == "" {
		l.LogFormat = defaults.LogFormat
	}
	if l.LogGroup == "" {
		l.LogGroup = defaults.LogGroup
	}
	return l
}

// qualified presents a version under its own ARN, as the answers of
// PublishVersion and ListVersionsByFunction do.
func (f *function) qualified(v *version) configuration {
	return f.configuration(v, f.reference().qualified(v.Number).ARN())
}

// unqualified presents a version under the function's ARN.
func (f *function) unqualified(v *version) configuration {
	return f.configuration(v, f.reference().ARN())
}

// aliasConfiguration is AliasConfiguration of the service model.
type aliasConfiguration struct {
	AliasARN        string `json:"AliasArn"`
	Name            string
	FunctionVersion string
	Description     string
	RoutingConfig   *routingConfig `json:",omitzero"`
	RevisionID      string         `json:"RevisionId"`
}

type routingConfig struct {
	AdditionalVersionWeights map[string]float64 `json:",omitempty"`
}

func (f *function) aliasConfiguration(a *alias) aliasConfiguration {
	c := aliasConfiguration{
		AliasARN: f.reference().qualified(a.Name).ARN(), Name: a.Name,
		FunctionVersion: a.Version, Description: a.Description, RevisionID: a.RevisionID,
	}
	if len(a.Weights) > 0 {
		c.RoutingConfig = &routingConfig{a.Weights}
	}
	return c
}

// base64Sum turns a stored checksum into the form of the API.
func base64Sum(hexSum string) string {
	sum, err := hex.DecodeString(hexSum)
	if err != nil {
		panic(err) // only sumOf makes them
	}
	return base64.StdEncoding.EncodeToString(sum)
}
