// Package credentials reads the file that says who may call a server in
// production: per access key its secret, the account and the principal that it
// stands for, and what that principal may do.
//
//   - accessKeyId: AKIAEXAMPLE
//     secretAccessKey: ...
//     sessionToken: ...                # optional: a temporary credential
//     expires: 2026-12-31T00:00:00Z    # optional: not accepted from then on
//     account: "111122223333"
//     principal: arn:aws:iam::111122223333:user/ci
//     allow:
//   - actions: ["codedeploy:Get*", "codedeploy:CreateDeployment"]
//     resources: ["arn:aws:codedeploy:*:*:deploymentgroup:shop/*"]
//     deny:                            # optional: wins over allow
//   - actions: ["codedeploy:StopDeployment"]
//     resources: ["*"]
//
// It is a list, in YAML or JSON. Actions and resources are matched as in a
// policy of AWS's: * is any text, ? any one character, actions without regard to
// case, and what nothing allows is denied. The file must not be readable by
// everybody, nor writable by anybody but its owner; its group may read it,
// because that is how container platforms hand secrets over.
package credentials
