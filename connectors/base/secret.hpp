// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged {

/// A credential. It cannot be formatted or compared by accident; reveal() marks each use, and its
/// memory is overwritten when it goes.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value, std::string origin = {});
    Secret(const Secret&) = default;
    Secret(Secret&& other);
    Secret& operator=(Secret other);
    ~Secret();

    std::string_view reveal() const { return value_; }
    bool empty() const { return value_.empty(); }
    /// Where it came from, as the configuration says it: `{ env = "CRM_TOKEN" }`; "" when made by
    /// hand. Says nothing of the value.
    const std::string& origin() const { return origin_; }

private:
    void wipe();

    std::string value_;
    std::string origin_;
};

}  // namespace nudged
