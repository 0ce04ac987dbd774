// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/sources/http/auth_session.hpp"

#include <string>

namespace nudged::sources {

/// A JSON Web Token that is issued `now`, signed with RS256. Takes a millisecond: for workers.
/// Throws Failure(needs_person) when the credential is no fit private key.
std::string make_assertion(const AssertionPlan& plan, const Credentials& credentials,
                           const Variables& variables, Instant now);

}  // namespace nudged::sources
