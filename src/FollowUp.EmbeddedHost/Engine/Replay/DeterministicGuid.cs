using System.Security.Cryptography;
using System.Text;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>RFC 4122 version 5 UUIDs: the same name gives the same UUID on every replay, and as the real SDK would.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] s_namespace = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    public static Guid Create(string instanceId, DateTime now, int counter)
    {
        byte[] name = Encoding.UTF8.GetBytes($"{instanceId}_{now:o}_{counter}");
        byte[] hashed = new byte[s_namespace.Length + name.Length];
        s_namespace.CopyTo(hashed, 0);
        name.CopyTo(hashed, s_namespace.Length);
#pragma warning disable CA5350 // Version 5 is SHA-1 by definition; nothing secret depends on it.
        byte[] uuid = SHA1.HashData(hashed)[..16];
#pragma warning restore CA5350
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x50);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return new Guid(uuid, bigEndian: true);
    }
}
