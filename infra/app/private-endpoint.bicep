// One private endpoint, and the private zone in which the service's own name leads to it.

@description('Name of the endpoint.')
param name string

@description('Region of the endpoint: that of the network.')
param location string

@description('Tags of the endpoint.')
param tags object

@description('Name of the subnet that holds the endpoint.')
param subnetName string

@description('Name of the virtual network that holds the subnet, and that the zone is linked to.')
param networkName string

@description('Id of the resource that the endpoint leads to.')
param targetId string

@description('Which part of the resource, such as blob or vault.')
param groupId string

@description('Name of the private DNS zone, such as privatelink.vaultcore.azure.net.')
param zoneName string

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' existing = {
  name: networkName

  resource subnet 'subnets' existing = {
    name: subnetName
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneName
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: networkName
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: network::subnet.id
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: targetId
          groupIds: [groupId]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: replace(zoneName, '.', '-')
        properties: {
          privateDnsZoneId: zone.id
        }
      }
    ]
  }
  dependsOn: [link]
}
