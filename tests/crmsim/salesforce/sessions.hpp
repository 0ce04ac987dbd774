// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/salesforce/org.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace nudged::crmsim::salesforce {

/// The token end point, and the access tokens that it gave out.
class Sessions {
public:
    explicit Sessions(const SimulatorOptions& options)
        : options_(options), refresh_token_(options.token) {}

    /// POST /services/oauth2/token: refresh_token, client_credentials (the secret is the options'
    /// token) and JWT bearer. Throws Refusal with an object for a body, as that end point has it.
    loopback::Reply grant(const loopback::Request& request, const Settings& settings, Instant now);
    /// Throws Refusal (401) unless the request brings a token that lives.
    void check(const loopback::Request& request, const Settings& settings, Instant now);

    void end_sessions() { sessions_.clear(); }
    void end_refresh_token() { refresh_token_.clear(); }
    /// The public key, PEM, of the one client that may sign assertions.
    void trust(std::string public_key) { public_key_ = std::move(public_key); }

private:
    using Form = std::map<std::string, std::string>;
    void check_refresh_token(const Form& form) const;
    void check_credentials(const Form& form) const;
    void check_assertion(const Form& form, std::string_view host, Instant now);

    const SimulatorOptions& options_;
    std::string refresh_token_;
    std::string public_key_;
    std::map<std::string, Instant, std::less<>> sessions_;  // and when they end
    int granted_ = 0;
    int rotations_ = 0;
};

}  // namespace nudged::crmsim::salesforce
