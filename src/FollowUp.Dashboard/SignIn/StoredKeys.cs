using System.Xml.Linq;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace FollowUp.Dashboard.SignIn;

/// <summary>Keeps data protection's keys in the store. The interface knows no asynchronous calls; it is asked once a day.</summary>
internal sealed class StoredKeys(DataProtectionKeyStore store) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. store.AllAsync(CancellationToken.None).GetAwaiter().GetResult().Select(text => XElement.Parse(text))];

    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        store.AddAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None).GetAwaiter().GetResult();
    }
}
