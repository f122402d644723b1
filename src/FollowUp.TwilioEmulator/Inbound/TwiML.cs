using System.Xml;
using System.Xml.Linq;

namespace FollowUp.TwilioEmulator.Inbound;

/// <summary>One text that an application's answer to a webhook asks for.</summary>
internal sealed record TwiMLMessage(string Body, string? To, string? StatusCallback);

/// <summary>Reads the Message elements of a TwiML answer. Other verbs are not for texts and are passed over, as Twilio does.</summary>
internal static class TwiML
{
    /// <exception cref="XmlException">The answer is not XML, or not a Response.</exception>
    public static IReadOnlyList<TwiMLMessage> Read(string answer)
    {
        using var reader = XmlReader.Create(new StringReader(answer), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        var root = XDocument.Load(reader).Root!;
        if (root.Name.LocalName != "Response")
        {
            throw new XmlException($"The document element is <{root.Name.LocalName}>, not <Response>.");
        }

        return
        [
            .. from element in root.Elements()
               where element.Name.LocalName is "Message" or "Sms"
               select new TwiMLMessage(
                   (element.Element("Body") ?? element).Value.Trim(),
                   element.Attribute("to")?.Value,
                   (element.Attribute("statusCallback") ?? element.Attribute("action"))?.Value),
        ];
    }
}
