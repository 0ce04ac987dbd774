// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/answer_link.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/web/server.hpp"

#include <functional>
#include <optional>

namespace nudged::runtime {

/// Whether the key of links is made where there is none: by the daemon, which alone sends any.
enum class MakeKey { yes, no };

/// What signs the links of messages: nullopt without a public_url. The key lies in links.key of the
/// state folder, for nudged alone; without it, all links of before are dead. Throws
/// Failure(needs_person) when it can be neither read nor made. Blocks.
std::optional<alerts::LinkSigner> make_link_signer(const config::Config& config, MakeKey make);

/// What answering by a link needs. All of it outlives the answer.
struct LinkContext {
    const config::Config& config;
    asio::thread_pool& workers;
    Clock clock;
    /// Does the command "finding" (finding_desk.hpp).
    std::function<std::optional<asio::awaitable<CareReport>>(const ControlRequest&)> answer;
};

/// The page of a link: a GET asks, a POST does it. A link that is forged, past its time, about a
/// finding that is over, or of somebody whom the configuration does not know any more, does
/// nothing.
asio::awaitable<web::AnswerReply> answer_by_link(const LinkContext& context,
                                                 const web::AnswerRequest& request);

}  // namespace nudged::runtime
