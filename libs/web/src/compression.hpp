// Content codings: gzip (RFC 1952) and br (RFC 7932), as Accept-Encoding asks for (RFC
// 9110, 12.5.3).
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <boost/asio/thread_pool.hpp>

#include <web/request.hpp>
#include <web/response.hpp>

namespace web {

enum class Coding { kIdentity, kGzip, kBrotli };

/// The coding of the highest weight; among equals br, then gzip. What the header does not name is
/// not used. Identity also when the header forbids everything: an answer beats none.
[[nodiscard]] Coding choose_coding(std::string_view accept_encoding) noexcept;

/// What the request's Accept-Encoding chooses.
[[nodiscard]] Coding wanted_coding(const Request& request);

/// Another coding is another representation, with an entity tag of its own: "v1" becomes "v1-br".
[[nodiscard]] std::string coded_tag(std::string_view opaque, Coding coding);

/// Whether the response is one that Compression encodes when a request asks for it: it then varies
/// by Accept-Encoding. Not what is small, streamed, encoded already, no text, or an answer for one
/// request with a strong ETag: the tag names the bytes, and a coding has others, so If-Match would
/// no longer find it.
[[nodiscard]] bool may_be_encoded(const Response& response);

/// Text in the media types that the web is made of; images and fonts are compressed already.
[[nodiscard]] bool is_compressible(std::string_view content_type) noexcept;

/// Two kinds of bodies, two costs:
///  - An answer made for one request is compressed on the connection's thread, with levels chosen
///    for speed. JSON of 4.5 KB takes about 40 us with br and 100 us with gzip, the largest that is
///    tried about 10 ms; see the limits in the .cpp.
///  - A body that many responses share (Response::shared_body: files) is compressed once for each
///    coding, well, on a thread of its own: 5 MB take about 0.3 s. Until that is done it goes out
///    as it is, so that no request waits. The results are kept, up to a total of kMaxCachedBytes.
class Compression {
public:
    static constexpr std::size_t kMaxCachedBytes = 32UL * 1024 * 1024;

    /// Applies the coding that the request asks for to a response that may_be_encoded().
    void apply(const Request& request, Response& response);

private:
    using Shared = std::shared_ptr<const std::string>;
    // A body that is shared, in its codings. Found by address: `original` tells whether that still
    // is the same body.
    struct Entry {
        struct Variant {
            bool ordered = false;  // being made, or made
            Shared encoded;
        };
        std::weak_ptr<const std::string> original;
        std::array<Variant, 2> variants;
    };

    /// nullptr: not made yet; it has been ordered, unless there is no more room.
    [[nodiscard]] Shared encoded(const Shared& body, Coding coding);
    void encode_and_keep(const Shared& body, Coding coding);
    void forget_the_gone();

    std::mutex mutex_;
    std::map<const std::string*, Entry> cache_;
    std::size_t cached_bytes_ = 0;
    // Made when first needed. The last member: it ends before what its work uses.
    std::unique_ptr<boost::asio::thread_pool> pool_;
};

}  // namespace web
