// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/message.hpp"
#include "daemon/alerts/texts.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::alerts {

enum class LinkAction { acknowledge, snooze, dispute };
std::string_view to_string(LinkAction action);

/// What a link may do, for whom, and until when.
struct LinkClaim {
    LinkAction action = LinkAction::acknowledge;
    std::string fingerprint;  // of the finding
    int episode = 1;
    std::string person;  // an address
    Instant expires_at{};
};

/// Makes links by which people answer findings, and knows them again. Whoever has one can do what
/// it says and nothing else: it is signed (HMAC-SHA256) over all of its claim. Immutable.
class LinkSigner {
public:
    /// `public_url` without a slash at its end.
    LinkSigner(std::string key, std::string public_url, std::chrono::days lasts);

    std::string url(const LinkClaim& claim) const;
    LinkClaim claim(LinkAction action, std::string fingerprint, int episode, std::string person,
                    Instant now) const;
    /// nullopt for what this key has not signed, and for what is past its time.
    std::optional<LinkClaim> open(std::string_view token, Instant now) const;

private:
    std::string signature(std::string_view body) const;

    std::string key_;
    std::string public_url_;
    std::chrono::days lasts_;
};

/// A finding that a message may name by the beginning of its fingerprint.
struct Linked {
    std::string fingerprint;
    int episode = 1;
};

/// What the recipient of a message may answer: the rep whom it is about can say that it is wrong,
/// which the manager then hears, but silences nothing.
enum class MayAnswer { everything, that_it_is_wrong };

/// What the links of one message are made of; `texts` are in its language.
struct LinkScene {
    const LinkSigner& signer;
    const std::map<std::string, Linked>& by_id;
    const Texts& texts;
    Instant now;
};

/// Gives every item that names a finding by its id the links that answer it for the message's
/// recipient; a message to nobody in particular has none.
void add_links(model::Message& message, const LinkScene& scene, MayAnswer may);

/// Takes them away again, and buttons with them, from what there is nothing left to answer.
void remove_links(model::Message::Item& item);

/// The path under which the links are served.
inline constexpr std::string_view link_path = "/answer/";

}  // namespace nudged::alerts
